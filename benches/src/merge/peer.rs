//! The same operations on the crate `crdts` 7.3, on the same values; in its set with removals on plain
//! numbers, because they have to hash. The types are in one enum, as ours are: which one it is comes from
//! the scenario.

use crdts::{CmRDT as _, CvRDT as _, GCounter, GSet, LWWReg, MVReg, Orswot, PNCounter};
use engine::common::value::Value;
use engine::protocols::state::crdt::CrdtKind;

use super::deeds;

/// A replica of the peer's.
#[derive(Clone)]
pub enum Peer {
    GCounter(GCounter<u32>),
    PnCounter(PNCounter<u32>),
    GSet(GSet<Value>),
    OrSet(Orswot<i64, u32>),
    /// Its marker is the order of ours: time, agent, sequence.
    LwwRegister(LWWReg<Value, (u64, u32, u64)>),
    MvRegister(MVReg<Value, u32>),
}

/// Two replicas of different types.
#[derive(Debug)]
pub struct Mixed;

impl Peer {
    /// # Errors
    /// When they are of different types.
    pub fn merge(&mut self, other: Self) -> Result<(), Mixed> {
        match (self, other) {
            (Self::GCounter(own), Self::GCounter(other)) => own.merge(other),
            (Self::PnCounter(own), Self::PnCounter(other)) => own.merge(other),
            (Self::GSet(own), Self::GSet(other)) => own.merge(other),
            (Self::OrSet(own), Self::OrSet(other)) => own.merge(other),
            (Self::LwwRegister(own), Self::LwwRegister(other)) => own.merge(other),
            (Self::MvRegister(own), Self::MvRegister(other)) => own.merge(other),
            _ => return Err(Mixed),
        }
        Ok(())
    }
}

/// The peer's replica after its deeds; `None` for a type the peer does not have.
pub fn replica(kind: CrdtKind, actor: u32) -> Option<Peer> {
    let deeds = deeds(actor);
    let peer = match kind {
        CrdtKind::GCounter => {
            let mut counter = GCounter::new();
            for deed in deeds {
                counter.apply(counter.inc_many(deed.counted_by(), deed.by().unsigned_abs()));
            }
            Peer::GCounter(counter)
        }
        CrdtKind::PnCounter => {
            let mut counter = PNCounter::new();
            for deed in deeds {
                let (origin, by) = (deed.counted_by(), deed.by().unsigned_abs());
                let is_down = deed.number.is_multiple_of(2);
                counter.apply(if is_down {
                    counter.dec_many(origin, by)
                } else {
                    counter.inc_many(origin, by)
                });
            }
            Peer::PnCounter(counter)
        }
        CrdtKind::GSet => {
            let mut set = GSet::new();
            deeds.for_each(|deed| set.insert(deed.value()));
            Peer::GSet(set)
        }
        CrdtKind::OrSet => {
            let mut set = Orswot::new();
            for deed in deeds {
                let seen = set.read_ctx().derive_add_ctx(actor);
                set.apply(set.add(i64::from(deed.member()), seen));
            }
            Peer::OrSet(set)
        }
        CrdtKind::LwwRegister => {
            let mut register = LWWReg { val: Value::Null, marker: (0, 0, 0) };
            for deed in deeds {
                let (time, sequence) = (u64::from(deed.number), u64::from(deed.number) + 1);
                register.update(deed.value(), (time, actor, sequence));
            }
            Peer::LwwRegister(register)
        }
        CrdtKind::MvRegister => {
            let mut register = MVReg::new();
            for deed in deeds {
                let seen = register.read_ctx().derive_add_ctx(actor);
                register.apply(register.write(deed.value(), seen));
            }
            Peer::MvRegister(register)
        }
        CrdtKind::LwwMap => return None,
    };
    Some(peer)
}
