//! The registry: the protocols that an agent can run, one line each. Their order is that in which they start, in which they
//! hear of a signal, and in which they are watched; it is only added to at its end. echo stays the last: it is in no page, and in
//! no run that anyone keeps.

/// Makes of the list the macros that hand it on: `protocols!` to what needs the machines alone, `rooms!` to what needs
/// whole protocols.
macro_rules! registry {
    ($d:tt machines { $($machine:tt)* } rooms { $($room:tt)* }) => {
        /// Hands the list of protocols to a macro that makes something of each.
        macro_rules! protocols {
            ($d make:ident) => {
                $d make! { $($machine)* $($room)* }
            };
        }

        /// Hands the list of those that are [`Room`](crate::coordination::room::Room)s to a macro.
        macro_rules! rooms {
            ($d make:ident) => {
                $d make! { $($room)* }
            };
        }
    };
}

registry! {
    $
    // Sections, reports and panels of these still stand in the shells.
    machines {
        membership: Membership = crate::coordination::membership::Membership,
        vote: Vote = crate::coordination::consensus::vote::Vote,
        byzantine: Byzantine = crate::coordination::consensus::byzantine::Byzantine,
        gossip: Gossip = crate::coordination::consensus::gossip::Gossiping,
        pipeline: Pipeline = crate::coordination::consensus::pipeline::Stages,
        state: State = crate::coordination::state::holder::State,
        work: Work = crate::coordination::work::role::Work,
    }
    rooms {
        foreign in "coordination/foreign/foreign.rs": Foreign = crate::coordination::foreign::Foreign,
        #[cfg(feature = "echo")] echo in "coordination/echo/echo.rs": Echo = crate::coordination::echo::Echo,
    }
}

pub(crate) use {protocols, rooms};
