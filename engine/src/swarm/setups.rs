//! The setups of all protocols: their sections of the scenario, checked.

use crate::protocol::watch::Watched;
use crate::registry::protocols;

/// Makes a field for each protocol.
macro_rules! setups {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Protocol:ty,)+) => {
        /// The setup of each protocol, where the scenario has its section.
        #[derive(Clone, Debug, Default)]
        pub struct Setups {
            $($(#[$on])* pub $field: Option<<$Protocol as Watched>::Setup>,)+
        }
    };
}

protocols!(setups);
