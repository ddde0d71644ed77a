//! Which parts have to go elsewhere, so that all agents carry about as much, in few moves.
//!
//! For up to eight parts the fewest moves are searched for: one, then two, … Where there are more, or the search would take too
//! long, each step is the one after which the sum of the squares of all loads is the least: a move, or where no move helps, two
//! parts that change places. Where all parts are equally heavy that takes the fewest moves as well, since each takes from the most
//! loaded and gives to the least.

use crate::order::sort_by_key;

/// A part that has not begun, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movable {
    pub at: usize,
    /// In units of work.
    pub load: u64,
}

/// So many parts are searched.
const SEARCHED_MAX: usize = 8;
/// A search looks at so many combinations at most.
const LOOKS_MAX: u32 = 200_000;
/// So many parts are tried in pairs.
const SWAPPED_MAX: usize = 1_000;

/// Agents by their places: what each carries, and which parts may go to which.
pub struct Balance<'a> {
    pub loads: Vec<u64>,
    pub parts: Vec<Movable>,
    pub may: &'a dyn Fn(usize, usize) -> bool,
    /// The most that any carries above the least, in units of work.
    pub spread: u64,
}

/// The difference between the most and the least.
#[must_use]
pub fn spread(loads: &[u64]) -> u64 {
    let (most, least) = (loads.iter().max(), loads.iter().min());
    most.zip(least).map_or(0, |(most, least)| most - least)
}

impl Balance<'_> {
    fn is_balanced(&self) -> bool {
        spread(&self.loads) <= self.spread
    }

    /// The parts with the agents that they go to; as near to the spread as it gets, where it cannot be reached.
    #[must_use]
    pub fn plan(mut self) -> Vec<(usize, usize)> {
        let start: Vec<usize> = self.parts.iter().map(|part| part.at).collect();
        if self.parts.len() <= SEARCHED_MAX {
            let mut looks = 0;
            for moves in 0..=self.parts.len() {
                let mut found = Vec::new();
                if self.search(0, moves, &mut found, &mut looks) {
                    sort_by_key(&mut found, |(part, to)| (*part as u64, *to as u64));
                    return found;
                }
                if looks > LOOKS_MAX {
                    break;
                }
            }
        }
        while !self.is_balanced() && self.improve() {}
        let ends = self.parts.iter().map(|part| part.at);
        let moved = start.into_iter().zip(ends).enumerate().filter(|(_, (from, to))| from != to);
        moved.map(|(part, (_, to))| (part, to)).collect()
    }

    /// Tries all ways to move so many of the parts from this one on.
    fn search(
        &mut self,
        first: usize,
        moves: usize,
        found: &mut Vec<(usize, usize)>,
        looks: &mut u32,
    ) -> bool {
        *looks += 1;
        if moves == 0 {
            return self.is_balanced();
        }
        for part in first..self.parts.len() {
            for to in 0..self.loads.len() {
                let Movable { at, load } = self.parts[part];
                if to == at || *looks > LOOKS_MAX || !(self.may)(part, to) {
                    continue;
                }
                self.shift(at, to, load);
                found.push((part, to));
                if self.search(part + 1, moves - 1, found, looks) {
                    return true;
                }
                found.pop();
                self.shift(to, at, load);
            }
        }
        false
    }

    fn shift(&mut self, from: usize, to: usize, load: u64) {
        self.loads[from] = self.loads[from].saturating_sub(load);
        self.loads[to] += load;
    }

    /// The change of the sum of squares when so much goes from one to another.
    fn gain(&self, from: usize, to: usize, load: i128) -> i128 {
        let (from, to) = (i128::from(self.loads[from]), i128::from(self.loads[to]));
        2 * load * (from - to - load)
    }

    /// Takes the best step, if any is one.
    fn improve(&mut self) -> bool {
        let step = self.best_move().or_else(|| self.best_swap());
        let Some((part, to, back)) = step else { return false };
        let from = self.parts[part].at;
        self.shift(from, to, self.parts[part].load);
        self.parts[part].at = to;
        if let Some(back) = back {
            self.shift(to, from, self.parts[back].load);
            self.parts[back].at = from;
        }
        true
    }

    /// The best of all moves: each part goes to the least loaded that it may go to.
    fn best_move(&self) -> Option<(usize, usize, Option<usize>)> {
        let mut order: Vec<usize> = (0..self.loads.len()).collect();
        sort_by_key(&mut order, |agent| (self.loads[*agent], *agent as u64));
        let mut best = (0, None);
        for (part, it) in self.parts.iter().enumerate() {
            let least = order.iter().find(|to| **to != it.at && (self.may)(part, **to));
            let Some(to) = least.copied() else { continue };
            let gain = self.gain(it.at, to, it.load.into());
            if gain > best.0 {
                best = (gain, Some((part, to, None)));
            }
        }
        best.1
    }

    /// The best two parts to change places; of very many parts it would take too long to find.
    fn best_swap(&self) -> Option<(usize, usize, Option<usize>)> {
        let mut best = (0, None);
        let parts = self.parts.iter().enumerate().filter(|_| self.parts.len() <= SWAPPED_MAX);
        for (part, it) in parts {
            for (back, other) in self.parts.iter().enumerate() {
                let may = (self.may)(part, other.at) && (self.may)(back, it.at);
                if it.load <= other.load || it.at == other.at || !may {
                    continue;
                }
                let gain = self.gain(it.at, other.at, i128::from(it.load - other.load));
                if gain > best.0 {
                    best = (gain, Some((part, other.at, Some(back))));
                }
            }
        }
        best.1
    }
}

/// How many parts a full redistribution would move: all are dealt out anew, one to each agent in turn.
#[must_use]
pub fn redistributed(parts: &[Movable], agents: usize) -> usize {
    let dealt = parts.iter().enumerate().filter(|(place, part)| part.at != place % agents.max(1));
    dealt.count()
}

#[cfg(test)]
mod tests;
