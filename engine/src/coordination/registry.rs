//! The registry: the protocols that an agent can run, one line each. Their order is that in which they start, in which they
//! hear of a signal, and in which they are watched; it is only added to at its end. echo stays the last: it is in no page, and in
//! no run that anyone keeps.
//!
//! In brackets stands where a scenario's file has a place for the protocol under its name: a `section` of its own at the top, and
//! then perhaps a part of each of the `agents`.

/// Makes of the list the macros that hand it on: `protocols!` all of it, `sections!` those with a section, and `individuals!`
/// those with a part of each agent.
macro_rules! registry {
    ($d:tt [$($all:tt)*] [$($rooms:tt)*] [$($sections:tt)*] [$($individuals:tt)*]) => {
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

        /// Hands the list of those with a section of the file to a macro.
        macro_rules! sections {
            ($d make:ident) => {
                $d make! { $($sections)* }
            };
        }

        /// Hands the list of those with a part of each agent in the file to a macro.
        macro_rules! individuals {
            ($d make:ident) => {
                $d make! { $($individuals)* }
            };
        }
    };
    ($d:tt $all:tt $rooms:tt $sections:tt $individuals:tt
        $(#[$on:meta])* $field:ident $mark:tt $(in $path:literal)?: $Row:ident = $Type:ty, $($rest:tt)*
    ) => {
        registry! {
            @ $mark $d $all $rooms $sections $individuals
            [$(#[$on])* $field $mark $(in $path)?: $Row = $Type,]
            $($rest)*
        }
    };
    (@ (machine) $d:tt [$($all:tt)*] $rooms:tt $sections:tt $individuals:tt [$($row:tt)*] $($rest:tt)*) => {
        registry! { $d [$($all)* $($row)*] $rooms $sections $individuals $($rest)* }
    };
    (@ () $d:tt [$($all:tt)*] [$($rooms:tt)*] $sections:tt $individuals:tt [$($row:tt)*] $($rest:tt)*) => {
        registry! { $d [$($all)* $($row)*] [$($rooms)* $($row)*] $sections $individuals $($rest)* }
    };
    (@ (section) $d:tt [$($all:tt)*] [$($rooms:tt)*] [$($sections:tt)*] $individuals:tt [$($row:tt)*] $($rest:tt)*) => {
        registry! {
            $d [$($all)* $($row)*] [$($rooms)* $($row)*] [$($sections)* $($row)*] $individuals
            $($rest)*
        }
    };
    (@ (section, agents) $d:tt
        [$($all:tt)*] [$($rooms:tt)*] [$($sections:tt)*] [$($individuals:tt)*] [$($row:tt)*] $($rest:tt)*
    ) => {
        registry! {
            $d [$($all)* $($row)*] [$($rooms)* $($row)*] [$($sections)* $($row)*] [$($individuals)* $($row)*]
            $($rest)*
        }
    };
}

registry! {
    $ [] [] [] []
    membership (): Membership = crate::coordination::membership::Membership,
    vote (): Vote = crate::coordination::consensus::vote::Vote,
    byzantine (): Byzantine = crate::coordination::consensus::byzantine::Byzantine,
    gossip (): Gossip = crate::coordination::consensus::gossip::Gossiping,
    pipeline (section) in "coordination/pipeline/pipeline.rs": Pipeline = crate::coordination::pipeline::Stages,
    // Its section still stands in `scenario`.
    state (machine): State = crate::coordination::state::holder::State,
    work (section, agents): Work = crate::coordination::work::role::Work,
    foreign (section) in "coordination/foreign/foreign.rs": Foreign = crate::coordination::foreign::Foreign,
    #[cfg(feature = "echo")] echo (section) in "coordination/echo/echo.rs": Echo = crate::coordination::echo::Echo,
}

pub(crate) use {individuals, protocols, rooms, sections};
