// One rumour by push gossip until everyone knows it, in plain JavaScript: what someone writes who wants it
// fast and needs no faults, no counts by kind, no trace. The same as benches/src/gossip.rs otherwise.
// The queue is a binary heap in typed arrays, by time and then by the order of insertion.
function plainGossip() {
  const agents = 100000, fanout = 3, roundUs = 100000, leastUs = 5000, mostUs = 50000;
  const most = 1 << 20;
  const times = new Float64Array(most), orders = new Float64Array(most), whats = new Int32Array(most);
  let size = 0, order = 0;
  const before = (a, b) => times[a] < times[b] || (times[a] === times[b] && orders[a] < orders[b]);
  const move = (from, to) => { times[to] = times[from]; orders[to] = orders[from]; whats[to] = whats[from]; };
  const last = most - 1; // a free place, for the one that moves
  function push(time, what) {
    times[last] = time; orders[last] = order++; whats[last] = what;
    let at = size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(last, parent)) break;
      move(parent, at);
      at = parent;
    }
    move(last, at);
  }
  function pop() {
    if (--size === 0) return;
    move(size, last);
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(child + 1, child)) child++;
      if (!before(child, last)) break;
      move(child, at);
      at = child;
    }
    move(last, at);
  }
  const knows = new Uint8Array(agents);
  let knowing = 0, messages = 0, now = 0;
  // Messages to agent n are n, its timer is -1 - n.
  function learn(agent) {
    if (knows[agent]) return;
    knows[agent] = 1;
    knowing++;
    push(now + roundUs - now % roundUs, -1 - agent);
  }
  const start = performance.now();
  learn(0);
  while (knowing < agents) {
    now = times[0];
    const what = whats[0];
    pop();
    if (what >= 0) {
      learn(what);
      continue;
    }
    const agent = -1 - what;
    push(now + roundUs, what);
    for (let told = 0; told < fanout; told++) {
      const other = Math.floor(Math.random() * (agents - 1));
      const latency = leastUs + Math.floor(Math.random() * (mostUs - leastUs + 1));
      push(now + latency, other >= agent ? other + 1 : other);
      messages++;
    }
  }
  const milliseconds = performance.now() - start;
  return { messages, rounds: Math.floor(now / roundUs), milliseconds,
    million_per_second: messages / milliseconds / 1e3 };
}

// The best of as many runs as the engine has.
function bestPlainGossip() {
  const runs = [0, 1, 2].map(plainGossip);
  return runs.reduce((best, run) => run.million_per_second > best.million_per_second ? run : best);
}
