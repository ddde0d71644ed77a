//! The registry: the protocols that an agent can run, one line each. Their order is that in which they start, in which they
//! hear of a signal, and in which they are watched; it is only added to at its end, but before echo, which is in no page, and in no run
//! that anyone keeps.
//!
//! In brackets stands where a scenario's file has a place for the protocol under its name: a `section` of its own at the top, and
//! then perhaps a part of each of the `agents`; or a part of each of the `proposals`.

/// Makes of the list the macros that hand it on: `protocols!` all of it, `sections!` those with a section, `individuals!`
/// those with a part of each agent, `electives!` those with a part of each proposal.
macro_rules! registry {
    ($d:tt [$($all:tt)*] [$($sections:tt)*] [$($individuals:tt)*] [$($electives:tt)*]) => {
        /// Hands the list of protocols to a macro that makes something of each.
        macro_rules! protocols {
            ($d make:ident) => {
                $d make! { $($all)* }
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

        /// Hands the list of those with a part of each proposal in the file to a macro.
        macro_rules! electives {
            ($d make:ident) => {
                $d make! { $($electives)* }
            };
        }
    };
    ($d:tt $all:tt $sections:tt $individuals:tt $electives:tt
        $(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Type:ty, $($rest:tt)*
    ) => {
        registry! {
            @ $mark $d $all $sections $individuals $electives
            [$(#[$on])* $field $mark in $path: $Row = $Type,]
            $($rest)*
        }
    };
    (@ () $d:tt [$($all:tt)*] $sections:tt $individuals:tt $electives:tt [$($row:tt)*] $($rest:tt)*) => {
        registry! { $d [$($all)* $($row)*] $sections $individuals $electives $($rest)* }
    };
    (@ (section) $d:tt [$($all:tt)*] [$($sections:tt)*] $individuals:tt $electives:tt [$($row:tt)*] $($rest:tt)*) => {
        registry! { $d [$($all)* $($row)*] [$($sections)* $($row)*] $individuals $electives $($rest)* }
    };
    (@ (section, agents) $d:tt
        [$($all:tt)*] [$($sections:tt)*] [$($individuals:tt)*] $electives:tt [$($row:tt)*] $($rest:tt)*
    ) => {
        registry! {
            $d [$($all)* $($row)*] [$($sections)* $($row)*] [$($individuals)* $($row)*] $electives
            $($rest)*
        }
    };
    (@ (proposals) $d:tt
        [$($all:tt)*] $sections:tt $individuals:tt [$($electives:tt)*] [$($row:tt)*] $($rest:tt)*
    ) => {
        registry! {
            $d [$($all)* $($row)*] $sections $individuals [$($electives)* $($row)*]
            $($rest)*
        }
    };
}

registry! {
    $ [] [] [] []
    membership () in "membership/membership.rs": Membership = crate::protocols::membership::Membership,
    vote () in "vote/vote.rs": Vote = crate::protocols::vote::Vote,
    byzantine (proposals) in "byzantine/byzantine.rs": Byzantine = crate::protocols::byzantine::Byzantine,
    gossip (proposals) in "gossip/gossip.rs": Gossip = crate::protocols::gossip::Gossiping,
    pipeline (section) in "pipeline/pipeline.rs": Pipeline = crate::protocols::pipeline::Stages,
    state (section) in "state/state.rs": State = crate::protocols::state::holder::State,
    work (section, agents) in "work/work.rs": Work = crate::protocols::work::role::Work,
    foreign (section) in "foreign/foreign.rs": Foreign = crate::protocols::foreign::Foreign,
    resources (section) in "resources/resources.rs": Resources = crate::protocols::resources::Resources,
    shape (section) in "shape/shape.rs": Shape = crate::protocols::shape::Shape,
    #[cfg(feature = "echo")] echo (section) in "echo/echo.rs": Echo = crate::protocols::echo::Echo,
}

pub(crate) use {electives, individuals, protocols, sections};
