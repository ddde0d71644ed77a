//! A module taken apart into streams of bytes of one kind: its instructions, and what stands behind them
//! (locals, offsets, constants, calls …) by what it is for. Each packs by itself a tenth better than
//! all of them mixed. After J. Ernst et al., "Code Compression", PLDI 1997, §3 (split streams).
//! `join.js` puts the module together again in the browser.

use anyhow::{Context, Result, bail, ensure};

use super::binary::{Reader, leb128};

/// As `join.js` numbers them.
mod stream {
    pub const OPS: usize = 0;
    pub const LOCALS: usize = 1;
    pub const BLOCKS: usize = 2;
    pub const BRANCHES: usize = 3;
    pub const CALLS: usize = 4;
    pub const SETS: usize = 5;
    pub const TEES: usize = 6;
    pub const LOADS: usize = 7;
    pub const STORES: usize = 8;
    pub const ADDRESSES: usize = 9;
    pub const I64: usize = 10;
    pub const FLOATS: usize = 11;
    pub const ALIGNMENTS: usize = 12;
    pub const OTHER: usize = 13;
    /// One for what most often comes next, and before them one for the rest.
    pub const GETS: usize = 14;
    pub const I32: usize = 20;
    pub const BEFORE: usize = 30;
    pub const AFTER: usize = 31;
    pub const COUNT: usize = 32;
}

const AFTER_GET: [u8; 4] = [0x20, 0x41, 0x10, 0x36];
const AFTER_I32: [u8; 9] = [0x6a, 0x36, 0x6b, 0x10, 0x21, 0x46, 0x47, 0x71, 0x41];
/// The alignment (as the power of two) that a load or store of this width has, from 0x28 on.
const ALIGNED: [u8; 23] = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];

/// Numbers for instructions that WebAssembly has none for: a constant that is an address of data …
const ADDRESS: u8 = 0xc5;
/// … and a load or store of another alignment, from 0x28 on.
const UNALIGNED: u8 = 0xe0;

/// Where Rust's linker puts data: behind the stack of one megabyte.
const DATA: std::ops::Range<u64> = 0x10_0000..0x18_0000;

const CODE_SECTION: u8 = 10;

/// The streams one after the other, behind how long each is, how many functions there are and how long the
/// module is: 34 numbers of four bytes.
pub(super) fn split(module: &[u8]) -> Result<Vec<u8>> {
    let mut reader = Reader::new(module);
    reader.bytes(8)?;
    loop {
        ensure!(!reader.is_empty(), "the module has no code");
        let id = reader.byte()?;
        let section = reader.sized()?;
        if id == CODE_SECTION {
            return split_at(module, section, reader.rest());
        }
    }
}

fn split_at(module: &[u8], code: &[u8], after: &[u8]) -> Result<Vec<u8>> {
    let mut streams = vec![Vec::new(); stream::COUNT];
    let mut reader = Reader::new(code);
    let functions = reader.number()?;
    let before = module.len() - after.len() - reader.rest().len();
    streams[stream::BEFORE].extend(&module[..before]);
    streams[stream::AFTER].extend(after);
    for number in 0..functions {
        let place = reader.rest().len();
        let body = reader.sized()?;
        let size = place - reader.rest().len() - body.len();
        ensure!(size == leb128(body.len()).len(), "the size of a function is written too long");
        split_function(body, &mut streams).with_context(|| format!("in function {number}"))?;
    }
    let numbers = streams.iter().map(Vec::len).chain([functions, module.len()]);
    let mut split = Vec::new();
    for number in numbers {
        split.extend(u32::try_from(number)?.to_le_bytes());
    }
    split.extend(streams.concat());
    Ok(split)
}

/// An instruction, and what stands behind it for which stream.
struct Instruction<'a> {
    op: u8,
    immediates: Vec<(usize, &'a [u8])>,
}

fn split_function(body: &[u8], streams: &mut [Vec<u8>]) -> Result<()> {
    let mut reader = Reader::new(body);
    for _ in 0..reader.number()? {
        reader.number()?;
        reader.byte()?;
    }
    let locals = body.len() - reader.rest().len();
    streams[stream::LOCALS].extend(&body[..locals]);
    let mut instructions = Vec::new();
    let mut depth = 1;
    while depth > 0 {
        let instruction = Instruction::read(&mut reader)?;
        match instruction.op {
            0x02..=0x04 => depth += 1,
            0x0b => depth -= 1,
            _ => {}
        }
        instructions.push(instruction);
    }
    ensure!(reader.is_empty(), "it does not end with its last block");
    for (place, Instruction { op, immediates }) in instructions.iter().enumerate() {
        streams[stream::OPS].push(*op);
        let next = instructions.get(place + 1).map_or(0, |next| next.op);
        for &(stream, bytes) in immediates {
            streams[by_next(stream, next)].extend(bytes);
        }
    }
    Ok(())
}

fn by_next(stream: usize, next: u8) -> usize {
    let place = |list: &[u8]| list.iter().position(|op| *op == next).map_or(0, |place| place + 1);
    match stream {
        stream::GETS if (0x28..=0x35).contains(&next) => stream + 5,
        stream::GETS => stream + place(&AFTER_GET),
        stream::I32 => stream + place(&AFTER_I32),
        _ => stream,
    }
}

impl<'a> Instruction<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut read = Self { op: reader.byte()?, immediates: Vec::new() };
        match read.op {
            0x02..=0x04 => read.numbers(stream::BLOCKS, 1, reader)?,
            0x0c | 0x0d => read.numbers(stream::BRANCHES, 1, reader)?,
            0x0e => {
                let count = read.number(stream::BRANCHES, reader)?;
                read.numbers(stream::BRANCHES, count + 1, reader)?;
            }
            0x10 => read.numbers(stream::CALLS, 1, reader)?,
            0x11 => read.numbers(stream::OTHER, 2, reader)?,
            0x1c => {
                let count = read.number(stream::OTHER, reader)?;
                read.bytes(stream::OTHER, usize::try_from(count)?, reader)?;
            }
            0x20 => read.numbers(stream::GETS, 1, reader)?,
            0x21 => read.numbers(stream::SETS, 1, reader)?,
            0x22 => read.numbers(stream::TEES, 1, reader)?,
            0x28..=0x3e => read.load_or_store(reader)?,
            0x41 => {
                let address = DATA.contains(&read.number(stream::I32, reader)?);
                // Of a number below zero these bits are an accident, and its bytes are fewer.
                if address && read.immediates[0].1.len() == 4 {
                    read.op = ADDRESS;
                    read.immediates[0].0 = stream::ADDRESSES;
                }
            }
            0x42 => read.numbers(stream::I64, 1, reader)?,
            0x43 => read.bytes(stream::FLOATS, 4, reader)?,
            0x44 => read.bytes(stream::FLOATS, 8, reader)?,
            0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => read.numbers(stream::OTHER, 1, reader)?,
            0xfc => {
                let kind = read.number(stream::OTHER, reader)?;
                let count = match kind {
                    ..8 => 0,
                    8 | 10 | 12 | 14 => 2,
                    _ => 1,
                };
                read.numbers(stream::OTHER, count, reader)?;
            }
            0x00..=0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => {}
            op => bail!("the instruction {op:#x} is not known here"),
        }
        Ok(read)
    }

    fn load_or_store(&mut self, reader: &mut Reader<'a>) -> Result<()> {
        let place = self.op - 0x28;
        let offsets = if self.op < 0x36 { stream::LOADS } else { stream::STORES };
        let aligned = reader.rest().first() == Some(&ALIGNED[usize::from(place)]);
        if aligned {
            reader.byte()?;
        } else {
            self.op = UNALIGNED + place;
            self.numbers(stream::ALIGNMENTS, 1, reader)?;
        }
        self.numbers(offsets, 1, reader)
    }

    fn bytes(&mut self, stream: usize, count: usize, reader: &mut Reader<'a>) -> Result<()> {
        self.immediates.push((stream, reader.bytes(count)?));
        Ok(())
    }

    /// A number in LEB128, of up to 64 bits; of one with a sign the bits as they are.
    fn number(&mut self, stream: usize, reader: &mut Reader<'a>) -> Result<u64> {
        let rest = reader.rest();
        let length = rest.iter().take_while(|byte| **byte >= 0x80).count() + 1;
        self.bytes(stream, length, reader)?;
        ensure!(length <= 10, "a number is too long");
        Ok(rest[..length].iter().rev().fold(0, |bits, byte| bits << 7 | u64::from(byte & 0x7f)))
    }

    fn numbers(&mut self, stream: usize, count: u64, reader: &mut Reader<'a>) -> Result<()> {
        (0..count).try_for_each(|_| self.number(stream, reader).map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::super::binary::sized;
    use super::stream::*;
    use super::*;

    /// A module of the function `code`, with a section before and one behind.
    fn module(code: &[u8]) -> Vec<u8> {
        let section = |id: u8, bytes: &[u8]| [&[id][..], &sized(bytes)].concat();
        let body = sized(&[&[1, 2, 0x7f], code].concat());
        let code = section(10, &[&[1][..], &body].concat());
        [&b"\0asm\x01\0\0\0"[..], &section(3, &[1, 0]), &code, &section(11, &[0])].concat()
    }

    fn streams(split: &[u8]) -> Vec<&[u8]> {
        let mut reader = Reader::new(split);
        let lengths: Vec<usize> = (0..COUNT + 2)
            .filter_map(|_| Some(u32::from_le_bytes(reader.bytes(4).ok()?.try_into().ok()?)))
            .map(|length| length as usize)
            .collect();
        lengths[..COUNT].iter().filter_map(|length| reader.bytes(*length).ok()).collect()
    }

    #[test]
    fn what_stands_behind_an_instruction_goes_to_the_stream_of_its_kind() -> Result<()> {
        let address = [0x41, 0x80, 0x80, 0xc0, 0x00];
        let code = [
            &[0x20, 3, 0x28, 2, 8][..],              // get 3, aligned load at 8
            &[0x20, 4, 0x36, 0, 12],                 // get 4, unaligned store at 12
            &[0x02, 0x40, 0x41, 5, 0x6a, 0x0b],      // a block: a constant that is added
            &address,                                // an address of data
            &[0x41, 0xff, 0xff, 0x7f, 0x10, 200, 1], // −1, written long; call 200
            &[0x0e, 1, 0, 7, 0x0b],                  // a table of branches
        ]
        .concat();
        let module = module(&code);
        let split = split(&module)?;
        let streams = streams(&split);
        let expected: &[(usize, &[u8])] = &[
            (OPS, &[0x20, 0x28, 0x20, 0xee, 2, 0x41, 0x6a, 0x0b, ADDRESS, 0x41, 0x10, 0x0e, 0x0b]),
            (LOCALS, &[1, 2, 0x7f]),
            (BLOCKS, &[0x40]),
            (BRANCHES, &[1, 0, 7]),
            (CALLS, &[200, 1]),
            (LOADS, &[8]),
            (STORES, &[12]),
            (ADDRESSES, &address[1..]),
            (ALIGNMENTS, &[0]),
            (GETS, &[4]),
            (GETS + 5, &[3]),
            (I32 + 1, &[5]),
            (I32 + 4, &[0xff, 0xff, 0x7f]),
            (AFTER, &[11, 1, 0]),
        ];
        for (stream, bytes) in expected {
            assert_eq!(streams[*stream], *bytes, "stream {stream}");
        }
        let sum: usize = streams.iter().map(|stream| stream.len()).sum();
        // Left out are the size of the function and the alignment as it should be.
        assert_eq!(sum, module.len() - 2);
        Ok(())
    }

    #[test]
    fn what_cannot_be_put_together_again_is_refused() {
        let says = |code: &[u8]| split(&module(code)).err().map(|error| format!("{error:#}"));
        assert_eq!(says(&[0x0b]), None);
        let cases: [(&[u8], &str); 4] = [
            (&[0xfd, 0x0b], "in function 0: the instruction 0xfd is not known here"),
            (&[0x0b, 0x0b], "in function 0: it does not end with its last block"),
            (&[0x01], "in function 0: it ends too early"),
            (&[0x43, 1, 2], "in function 0: it ends too early"),
        ];
        for (code, expected) in cases {
            assert_eq!(says(code).as_deref(), Some(expected));
        }
        assert!(split(b"\0asm\x01\0\0\0").is_err(), "no code");
    }
}
