//! The sections of whole protocols.

use std::sync::Arc;

use super::Scenario;
use crate::coordination::consensus::proposal::SharedProposal;
use crate::coordination::consensus::section::ProposalFile;
use crate::coordination::profile::Profile;
use crate::coordination::registry::rooms;
use crate::coordination::room::Members;
use crate::coordination::topology::Topology;
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::scenario::file::ScenarioFile;
use crate::sim::AgentId;

/// Makes what is set up in each room.
macro_rules! setups {
    ($($(#[$on:meta])* $field:ident $(in $path:literal)?: $Row:ident = $Room:ty,)*) => {
        /// The checked section of each room, where the scenario has one.
        #[derive(Clone, Debug, Default)]
        pub struct RoomSetups {
            $($(#[$on])* pub $field: Option<<$Room as crate::coordination::shown::Shown>::Setup>,)*
        }

        impl RoomSetups {
            /// Checks the section of each room.
            pub(super) fn check(scenario: &Scenario) -> Result<Self, Problem> {
                let mut setups = Self::default();
                $($(#[$on])* if let Some(file) = &scenario.file.$field {
                    let setup = <$Room as crate::coordination::room::Room>::check(file, scenario);
                    setups.$field = Some(setup.map_err(|problem| problem.under(stringify!($field)))?);
                })*
                Ok(setups)
            }

            /// The proposals that rooms put to the vote themselves.
            #[must_use]
            pub fn proposals(&self) -> Vec<&SharedProposal> {
                let mut proposals = Vec::new();
                $($(#[$on])* proposals.extend(self.$field.iter().flat_map(<$Room as crate::coordination::room::Room>::proposals));)*
                proposals
            }

            /// The settings of all rooms.
            #[must_use]
            pub fn settings(&self) -> Vec<Setting> {
                let mut settings = Vec::new();
                $($(#[$on])* settings.extend(self.$field.iter().flat_map(<$Room as crate::coordination::room::Room>::settings));)*
                settings
            }

            /// Whether any room goes on to the end that the scenario names.
            #[must_use]
            pub fn go_on(&self) -> bool {
                let mut go_on = false;
                $($(#[$on])* {
                    go_on |= self.$field.as_ref().is_some_and(<$Room as crate::coordination::room::Room>::goes_on);
                })*
                go_on
            }

            /// When all that the sections plan should be over.
            #[must_use]
            pub fn horizon_us(&self) -> Option<u64> {
                let mut horizon_us = None;
                $($(#[$on])* {
                    horizon_us = horizon_us.max(self.$field.as_ref().and_then(<$Room as crate::coordination::room::Room>::horizon_us));
                })*
                horizon_us
            }
        }

        /// Sets something in the sections of the rooms; each knows its own.
        pub fn set_in_rooms(file: &mut ScenarioFile, setting: &str, value: u32) {
            $($(#[$on])* if let Some(file) = &mut file.$field {
                <$Room as crate::coordination::room::Room>::set(file, setting, value);
            })*
        }

        /// All proposals of a file, those that rooms put to the vote themselves among them.
        #[must_use]
        pub fn proposals_of(file: &ScenarioFile) -> Vec<&ProposalFile> {
            let mut proposals: Vec<&ProposalFile> = file.proposals.iter().collect();
            $($(#[$on])* proposals.extend(file.$field.iter().flat_map(<$Room as crate::coordination::room::Room>::proposal_files));)*
            proposals
        }

        /// Whether the file has a section of a room that needs a coordinator.
        pub(super) fn needs_coordinator(file: &ScenarioFile) -> bool {
            let mut needs_it = false;
            $($(#[$on])* {
                needs_it |= file.$field.is_some() && <$Room as crate::coordination::room::Room>::NEEDS_COORDINATOR;
            })*
            needs_it
        }

        /// Whether the file has a section of any room.
        pub(super) fn has_room(file: &ScenarioFile) -> bool {
            let mut has_room = false;
            $($(#[$on])* {
                has_room |= file.$field.is_some();
            })*
            has_room
        }
    };
}

rooms!(setups);

impl Members for Scenario {
    fn member(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        Self::member(self, &self.names, path, name)
    }

    fn count(&self) -> u32 {
        self.members.len() as u32
    }

    fn find(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        self.names.find(path, name)
    }

    fn profile(&self, agent: AgentId) -> Option<&Arc<Profile>> {
        self.members.get(agent.index()).map(|member| &member.profile)
    }

    fn coordinator(&self) -> Option<AgentId> {
        self.coordinator
    }

    fn opened(&self) -> &[(u64, SharedProposal)] {
        &self.proposals
    }

    fn stages(&self) -> Vec<&SharedProposal> {
        self.rooms.proposals()
    }

    fn gives_tasks(&self) -> bool {
        self.file.work.is_some()
    }

    fn topology(&self) -> &Topology {
        &self.topology
    }

    fn has_proposal(&self, name: &str) -> bool {
        self.proposals.iter().any(|(_, proposal)| proposal.name == name)
    }
}
