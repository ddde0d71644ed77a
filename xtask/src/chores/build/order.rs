//! Functions in an order in which they pack well: those of one type beside each other, and among them those
//! that begin alike. `wasm-opt` orders functions by their names, so they are named after type and code.

use std::path::Path;
use std::{fs, str};

use anyhow::{Context, Result, ensure};

use super::binary::{Reader, leb128, sized};

/// Names all functions of a module anew; other names in it are lost.
pub(super) fn name_by_code(wasm: &Path) -> Result<()> {
    let module = fs::read(wasm)?;
    let renamed = renamed(&module).with_context(|| format!("cannot read {}", wasm.display()))?;
    Ok(fs::write(wasm, renamed)?)
}

fn renamed(module: &[u8]) -> Result<Vec<u8>> {
    let mut sections = Reader::new(module);
    let mut renamed = sections.bytes(8)?.to_vec();
    let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
    while !sections.is_empty() {
        let before = sections.rest();
        let id = sections.byte()?;
        let mut section = Reader::new(sections.sized()?);
        match id {
            0 if Reader::new(section.rest()).sized()? == b"name" => continue,
            2 => imported = imported_functions(&mut section)?,
            3 => types = (0..section.number()?).map(|_| section.number()).collect::<Result<_>>()?,
            10 => {
                bodies = (0..section.number()?).map(|_| section.sized()).collect::<Result<_>>()?
            }
            _ => {}
        }
        renamed.extend(&before[..before.len() - sections.rest().len()]);
    }
    ensure!(types.len() == bodies.len(), "not every function has a type");
    let mut names = leb128(types.len());
    for (place, (kind, body)) in types.iter().zip(bodies).enumerate() {
        let begin: String = body.iter().take(64).map(|byte| format!("{byte:02x}")).collect();
        names.extend(leb128(imported + place));
        names.extend(sized(format!("{kind:05} {begin} {place:05}").as_bytes()));
    }
    renamed.push(0);
    // Of the kinds of names in such a section, those of functions are number 1.
    renamed.extend(sized(&[sized(b"name"), vec![1], sized(&names)].concat()));
    Ok(renamed)
}

fn imported_functions(section: &mut Reader<'_>) -> Result<usize> {
    let mut functions = 0;
    for _ in 0..section.number()? {
        let (module, name) = (section.sized()?, section.sized()?);
        match section.byte()? {
            0 => {
                section.number()?;
                functions += 1;
            }
            1 => {
                section.byte()?;
                section.limits()?;
            }
            2 => section.limits()?,
            3 => {
                section.bytes(2)?;
            }
            kind => {
                let (module, name) = (str::from_utf8(module)?, str::from_utf8(name)?);
                anyhow::bail!("{module}.{name} is of kind {kind}");
            }
        }
    }
    Ok(functions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_named_by_type_and_code() -> Result<()> {
        let import = [&[1][..], &sized(b"m"), &sized(b"f"), &[0, 0]].concat();
        let code = [&[2][..], &sized(&[0, 0x0b]), &sized(&[0, 0x41, 7, 0x0b])].concat();
        let old_names = [&sized(b"name")[..], &[1], &sized(&[0])].concat();
        let before = [
            &b"\0asm\x01\0\0\0"[..],
            &[2],
            &sized(&import),
            &[3],
            &sized(&[2, 1, 44]),
            &[10],
            &sized(&code),
        ]
        .concat();
        let renamed = renamed(&[&before[..], &[0], &sized(&old_names)].concat())?;
        let expected = ["\u{1}\u{10}00001 000b 00000", "\u{2}\u{14}00044 0041070b 00001"];
        assert!(renamed.starts_with(&before), "the rest stays");
        assert!(renamed.ends_with(expected.concat().as_bytes()));
        assert!(super::renamed(&renamed[..renamed.len() - 1]).is_err(), "it ends too early");
        Ok(())
    }
}
