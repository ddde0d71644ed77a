//! The registry: the protocols that an agent can run, one line each. Their order is that in which they start, in which they
//! hear of a signal, and in which they are watched; it is only added to at its end. echo stays the last: it is in no page, and in
//! no run that anyone keeps.

/// Makes of the list the macros that hand it on: `protocols!` to what needs the machines alone, `rooms!` to what needs
/// whole protocols, which are those that say where their folder is.
macro_rules! registry {
    ($d:tt [$($all:tt)*] [$($rooms:tt)*]) => {
        /// Hands the list of protocols to a macro that makes something of each.
        macro_rules! protocols {
            ($d make:ident) => {
                $d make! { $($all)* }
            };
        }

        /// Hands the list of those that are [`Room`](crate::coordination::room::Room)s to a macro.
        macro_rules! rooms {
            ($d make:ident) => {
                $d make! { $($rooms)* }
            };
        }
    };
    ($d:tt [$($all:tt)*] [$($rooms:tt)*] $(#[$on:meta])* $field:ident: $Row:ident = $Type:ty, $($rest:tt)*) => {
        registry! { $d [$($all)* $(#[$on])* $field: $Row = $Type,] [$($rooms)*] $($rest)* }
    };
    ($d:tt [$($all:tt)*] [$($rooms:tt)*] $(#[$on:meta])* $field:ident in $path:literal: $Row:ident = $Type:ty, $($rest:tt)*) => {
        registry! {
            $d
            [$($all)* $(#[$on])* $field in $path: $Row = $Type,]
            [$($rooms)* $(#[$on])* $field in $path: $Row = $Type,]
            $($rest)*
        }
    };
}

registry! {
    $ [] []
    // Sections of those without a folder still stand in `scenario`.
    membership: Membership = crate::coordination::membership::Membership,
    vote: Vote = crate::coordination::consensus::vote::Vote,
    byzantine: Byzantine = crate::coordination::consensus::byzantine::Byzantine,
    gossip: Gossip = crate::coordination::consensus::gossip::Gossiping,
    pipeline in "coordination/pipeline/pipeline.rs": Pipeline = crate::coordination::pipeline::Stages,
    state: State = crate::coordination::state::holder::State,
    work: Work = crate::coordination::work::role::Work,
    foreign in "coordination/foreign/foreign.rs": Foreign = crate::coordination::foreign::Foreign,
    #[cfg(feature = "echo")] echo in "coordination/echo/echo.rs": Echo = crate::coordination::echo::Echo,
}

pub(crate) use {protocols, rooms};
