//! The registry: the protocols that an agent can run, one line each. Their order is that in which they start, in which they
//! hear of a signal, and in which they are watched; it is only added to at its end.

/// Hands the list of protocols to a macro that makes something of each.
macro_rules! protocols {
    ($make:ident) => {
        $make! {
            membership: Membership = $crate::coordination::membership::Membership,
            vote: Vote = $crate::coordination::consensus::vote::Vote,
            byzantine: Byzantine = $crate::coordination::consensus::byzantine::Byzantine,
            gossip: Gossip = $crate::coordination::consensus::gossip::Gossiping,
            pipeline: Pipeline = $crate::coordination::consensus::pipeline::Stages,
            state: State = $crate::coordination::state::holder::State,
            work: Work = $crate::coordination::work::role::Work,
        }
    };
}

pub(crate) use protocols;
