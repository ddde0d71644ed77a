//! The module, taken apart ([`split`]) and packed as XZ, which makes two thirds of what gzip makes of WebAssembly, and does so
//! on every server, also on one that sends files as they are. The npm package `xz-decompress` unpacks it
//! in the browser while it arrives; it is paid for with 9 KB.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use lzma_rust2::{CheckType, LzmaOptions, XzOptions, XzWriter};

use super::{shrink, split};
use crate::setup::Tools;
use crate::setup::on_path;

/// What the page imports instead of wasm-bindgen's JavaScript: it hands it the module unpacked.
const LOADER: &str = r#"
import { XzReadableStream } from "xz-decompress";
import start from "./GLUE";
export default async ({ module_or_path }) => {
  const packed = await fetch(module_or_path);
  if (!packed.ok) throw new Error(`${packed.url}: ${packed.status} ${packed.statusText}`);
  const streams = new Response(new XzReadableStream(packed.body));
  return start({ module_or_path: join(await streams.arrayBuffer()) });
};
"#;

/// Puts the streams of [`split`] together.
const JOIN: &str = include_str!("join.js");

const CHECK: &str = r#"
const { readFileSync } = require("node:fs"), [streams, module] = process.argv.slice(-2);
const { buffer, byteOffset, byteLength } = readFileSync(streams);
const joined = join(buffer.slice(byteOffset, byteOffset + byteLength));
process.exit(readFileSync(module).equals(joined) ? 0 : 1);
"#;

/// Packs the module of a page. Where there is no npm the page stays as it is.
pub(super) fn pack(page: &Path, wasm: &Path, tools: &Tools) -> Result<()> {
    let Some(mut esbuild) = tools.esbuild() else { return Ok(()) };
    let javascript = shrink::path_of_javascript(wasm)?;
    let glue = name_of(&javascript)?;
    let outfile = format!("--outfile={}", javascript.display());
    esbuild.args([
        "--bundle",
        "--minify",
        "--format=esm",
        "--allow-overwrite",
        "--log-level=warning",
    ]);
    esbuild.arg(outfile).current_dir(javascript.parent().context("a file stands in a folder")?);
    let mut running = esbuild.stdin(Stdio::piped()).spawn().context("cannot start esbuild")?;
    let mut input = running.stdin.take().context("esbuild reads its standard input")?;
    input.write_all([JOIN, &LOADER.replace("GLUE", glue)].concat().as_bytes())?;
    drop(input);
    ensure!(running.wait()?.success(), "esbuild does not take the page's JavaScript");

    let streams = split::split(&fs::read(wasm)?)
        .with_context(|| format!("cannot take {} apart", wasm.display()))?;
    let packed = packed_path(wasm);
    fs::write(&packed, &streams)?;
    joins(&packed, wasm)?;
    fs::write(&packed, packed_bytes(&streams)?)?;
    fs::remove_file(wasm)?;
    let html = fs::read_to_string(page)?;
    let (old, new) = (name_of(wasm)?, name_of(&packed)?);
    ensure!(html.contains(old), "{} does not name {old}", page.display());
    Ok(fs::write(page, html.replace(old, new))?)
}

/// Makes sure that the browser will have the module as it was.
fn joins(streams: &Path, wasm: &Path) -> Result<()> {
    let node =
        on_path("node").context("esbuild was installed with npm, but there is no node now")?;
    let mut command = Command::new(node);
    command.arg("--eval").arg([JOIN, CHECK].concat()).arg("--").args([streams, wasm]);
    let joined = command.status().context("cannot start node")?;
    ensure!(joined.success(), "join.js makes another module of {}", wasm.display());
    Ok(())
}

fn packed_path(wasm: &Path) -> PathBuf {
    wasm.with_extension("wasm.xz")
}

fn name_of(path: &Path) -> Result<&str> {
    path.file_name().and_then(|name| name.to_str()).with_context(|| format!("{path:?} has no name"))
}

fn packed_bytes(module: &[u8]) -> Result<Vec<u8>> {
    let mut options = XzOptions::with_preset(9);
    // The streams are bytes of no alignment, and one tells little about the next.
    let lzma = &mut options.lzma_options;
    (lzma.lc, lzma.lp, lzma.pb) = (2, 0, 0);
    (lzma.nice_len, lzma.depth_limit) = (LzmaOptions::NICE_LEN_MAX, 2_000);
    // No larger than it needs to be: the browser sets as much aside. The only checksum it knows.
    options.lzma_options.dict_size = u32::try_from(module.len())?.next_power_of_two();
    options.set_check_sum_type(CheckType::Crc32);
    let mut writer = XzWriter::new(Vec::new(), options)?;
    writer.write_all(module)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_is_packed_is_smaller_and_comes_out_as_it_was() -> Result<()> {
        let module: Vec<u8> =
            (0..50_000_u32).flat_map(|number| (number / 7).to_le_bytes()).collect();
        let packed = packed_bytes(&module)?;
        assert!(packed.len() * 4 < module.len(), "{}", packed.len());
        let mut unpacked = Vec::new();
        lzma_rust2::XzReader::new(packed.as_slice(), false).read_to_end(&mut unpacked)?;
        assert!(unpacked == module);
        Ok(())
    }
}
