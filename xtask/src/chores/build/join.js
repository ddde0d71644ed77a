// Puts together what split.rs has taken apart: the module, byte by byte as it was.
const OPS = 0, LOCALS = 1, BLOCKS = 2, BRANCHES = 3, CALLS = 4, SETS = 5, TEES = 6, LOADS = 7, STORES = 8;
const ADDRESSES = 9, I64 = 10, FLOATS = 11, ALIGNMENTS = 12, OTHER = 13, GETS = 14, I32 = 20, BEFORE = 30, AFTER = 31;
const FUNCTIONS = 32, LENGTH = 33;
const AFTER_GET = [0x20, 0x41, 0x10, 0x36], AFTER_I32 = [0x6a, 0x36, 0x6b, 0x10, 0x21, 0x46, 0x47, 0x71, 0x41];
const ALIGNED = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2];

const join = (buffer) => {
  const bytes = new Uint8Array(buffer), header = new Uint32Array(buffer, 0, 34), at = [];
  let place = header.byteLength, to = 0;
  for (let stream = 0; stream < FUNCTIONS; place += header[stream++]) at.push(place);
  const module = new Uint8Array(header[LENGTH]);
  const copy = (stream, count) => { while (count--) module[to++] = bytes[at[stream]++]; };
  const number = (stream) => {
    let value = 0, shift = 0, byte;
    do {
      module[to++] = byte = bytes[at[stream]++];
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  const numbers = (stream, count) => { while (count--) number(stream); };

  copy(BEFORE, header[BEFORE]);
  for (let left = header[FUNCTIONS]; left--; ) {
    const start = to;
    // Its size is written when it is known: in five bytes at most.
    to += 5;
    for (let groups = number(LOCALS); groups--; copy(LOCALS, 1)) number(LOCALS);
    for (let depth = 1; depth; ) {
      const op = bytes[at[OPS]++], next = bytes[at[OPS]];
      if (op == 0xc5) { module[to++] = 0x41; number(ADDRESSES); continue; }
      const unaligned = op >= 0xe0 && op < 0xf7, plain = unaligned ? op - 0xb8 : op;
      module[to++] = plain;
      if (plain > 0x27 && plain < 0x3f) {
        if (unaligned) number(ALIGNMENTS); else module[to++] = ALIGNED[op - 0x28];
        number(plain < 0x36 ? LOADS : STORES);
      } else if (op == 0x20) number(GETS + (next > 0x27 && next < 0x36 ? 5 : 1 + AFTER_GET.indexOf(next)));
      else if (op == 0x41) number(I32 + 1 + AFTER_I32.indexOf(next));
      else if (op == 0x0b) depth--;
      else if (op > 1 && op < 5) { depth++; number(BLOCKS); }
      else if (op == 0x0c || op == 0x0d) number(BRANCHES);
      else if (op == 0x0e) numbers(BRANCHES, 1 + number(BRANCHES));
      else if (op == 0x10) number(CALLS);
      else if (op == 0x21) number(SETS);
      else if (op == 0x22) number(TEES);
      else if (op == 0x42) number(I64);
      else if (op == 0x43) copy(FLOATS, 4);
      else if (op == 0x44) copy(FLOATS, 8);
      else if (op == 0x11) numbers(OTHER, 2);
      else if (op == 0x1c) copy(OTHER, number(OTHER));
      else if (op == 0xfc) { const kind = number(OTHER); numbers(OTHER, kind < 8 ? 0 : kind < 15 && kind % 2 == 0 ? 2 : 1); }
      else if (op > 0x22 && op < 0x27 || op == 0x3f || op == 0x40 || op == 0xd0 || op == 0xd2) number(OTHER);
    }
    const size = to - start - 5, body = start + 5;
    to = start;
    let rest = size;
    for (; rest > 127; rest >>= 7) module[to++] = rest & 127 | 128;
    module[to++] = rest;
    module.copyWithin(to, body, body + size);
    to += size;
  }
  copy(AFTER, header[AFTER]);
  return module;
};
