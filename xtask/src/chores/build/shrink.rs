//! What Trunk has built, made smaller: the module by `wasm-opt`, and the names that the module and its
//! JavaScript know each other by.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::order;
use crate::setup::Tools;

/// The compiler has optimised already, and was asked for the smallest: -O2 only tidies up, and what stands
/// out of line stays there. -O3 and -Oz write more kinds of code, which compress worse. No feature flags: the
/// module names the features it uses. With `-all` wasm-opt would write encodings that no browser reads yet.
/// Locals stay as the compiler has put them: alike everywhere. The first kilobyte of the memory is the last of the
/// stack: no load or store goes there around the end.
pub(crate) const OPTIMISE: &[&str] = &[
    "-O2",
    "-aimfs",
    "0",
    "-fimfs",
    "0",
    "-ocimfs",
    "0",
    "--skip-pass=simplify-locals",
    "--low-memory-unused",
];

/// What the module offers to JavaScript only because a library of Leptos's does: streams from a server.
const NOT_CALLED: &str = "--remove-exports=*intounderlying*";

/// Trunk could call `wasm-opt` itself, but not go without where there is none.
pub(super) fn shrink(wasm: &Path, tools: &Tools) -> Result<()> {
    if tools.wasm_opt().is_none() {
        eprintln!("no wasm-opt on this machine: the page is larger than it needs to be");
        return Ok(());
    }
    let before = fs::metadata(wasm)?.len();
    let run = |arguments: &[&str]| wasm_opt(tools, wasm, arguments);
    run(&[&[NOT_CALLED], OPTIMISE].concat())?;
    order::name_by_code(wasm)?;
    run(&["--debuginfo", "--reorder-functions-by-name"])?;
    let names = run(&[
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
        "--minify-imports-and-exports-and-modules",
    ])?;
    eprintln!("wasm-opt: {} KB became {} KB", before / 1000, fs::metadata(wasm)?.len() / 1000);
    let javascript = path_of_javascript(wasm)?;
    let text = fs::read_to_string(&javascript)?;
    Ok(fs::write(&javascript, with_short_names(&text, &names)?)?)
}

/// Changes a module; gives what was said about it.
fn wasm_opt(tools: &Tools, wasm: &Path, arguments: &[&str]) -> Result<String> {
    let mut command = tools.wasm_opt().context("there was a wasm-opt a moment ago")?;
    command.args(arguments).arg(wasm).arg("-o").arg(wasm).stderr(Stdio::inherit());
    let output = command.output().context("cannot start wasm-opt")?;
    ensure!(
        output.status.success(),
        "this wasm-opt does not do; with Node.js and npm on the PATH the pinned one is installed"
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// wasm-bindgen calls the module `<name>_bg.wasm` beside `<name>.js`.
pub(super) fn path_of_javascript(wasm: &Path) -> Result<PathBuf> {
    let name = wasm.file_stem().and_then(|stem| stem.to_str()?.strip_suffix("_bg"));
    let name = name.with_context(|| format!("{} is not of wasm-bindgen", wasm.display()))?;
    Ok(wasm.with_file_name(name).with_extension("js"))
}

/// The names that `wasm-opt` has given (it prints JSON), put into wasm-bindgen's JavaScript.
fn with_short_names(javascript: &str, names: &str) -> Result<String> {
    let mut names: Value = serde_json::from_str(names)?;
    let imports: Vec<(String, String, String)> = serde_json::from_value(names["imports"].take())?;
    let mut exports: Vec<(String, String)> = serde_json::from_value(names["exports"].take())?;
    // Before the imports is what the module offers, and nobody calls.
    let start = javascript.find("function __wbg_get_imports()").context("no imports")?;
    let mut text = javascript[start..].to_owned();
    for (module, long, short) in &imports {
        let (long, short) = (format!("{long}:"), format!("{short}:"));
        ensure!(text.contains(&long), "wasm-bindgen's JavaScript has no `{long}`");
        // All modules become one.
        text = text.replace(&long, &short).replace(&format!("{module:?}:"), "a:");
    }
    // The longest first: a name may begin another.
    exports.sort_by_key(|(long, _)| std::cmp::Reverse(long.len()));
    for (long, short) in &exports {
        text = text.replace(&format!("wasm.{long}"), &format!("wasm.{short}"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_know_each_other_by_the_same_names() -> Result<()> {
        let names = r#"{ "imports": [["./a_bg.js", "__wbg_arc_1", "$"]],
                        "exports": [["go", "b"], ["go_on", "c"]] }"#;
        let glue = "export class Unused {}\nfunction __wbg_get_imports() { const import0 = { __wbg_arc_1: arc };\n\
                    return { \"./a_bg.js\": import0 }; }\nwasm.go_on(wasm.go());";
        let expected = "function __wbg_get_imports() { const import0 = { $: arc };\n\
                        return { a: import0 }; }\nwasm.c(wasm.b());";
        assert_eq!(with_short_names(glue, names)?, expected);
        assert!(with_short_names("function __wbg_get_imports()", names).is_err());
        Ok(())
    }
}
