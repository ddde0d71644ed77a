//! The sections of protocols, and their parts of agents.

use std::sync::Arc;

use super::Scenario;
use super::proposal::check_proposal;
use crate::common::consensus::proposal::{Proposal, SharedProposal};
use crate::common::consensus::section::WrittenProposal;
use crate::common::profile::Profile;
use crate::common::room::{Brief, Edited, Individual, Members, Room};
use crate::common::topology::Topology;
use crate::protocol::problem::Problem;
use crate::protocol::read::read_part;
use crate::protocol::setting::Setting;
use crate::registry::{individuals, protocols};
use crate::scenario::file::intervention::Intervention;
use crate::scenario::file::proposal::ProposalFile;
use crate::scenario::file::{AgentFile, ScenarioFile};
use crate::scenario::templates::template;
use crate::sim::AgentId;
use crate::swarm::setups::Setups;

/// The section of a file that a protocol has; one without a place for it has always nothing to say there.
macro_rules! section {
    ($file:expr, $field:ident (section $($more:tt)*)) => {
        $file.$field.as_ref()
    };
    ($file:expr, $field:ident $mark:tt) => {
        Some(&())
    };
}

/// The same to be changed.
macro_rules! section_mut {
    ($file:expr, $field:ident (section $($more:tt)*)) => {
        $file.$field.as_mut()
    };
    ($file:expr, $field:ident $mark:tt) => {
        Some(&mut ())
    };
}

/// The section, if it was written.
macro_rules! written {
    ($file:expr, $field:ident (section $($more:tt)*)) => {
        $file.$field.as_ref()
    };
    ($file:expr, $field:ident $mark:tt) => {
        None
    };
}

/// Parts of agents, by their numbers; empty where the protocol has no place there.
macro_rules! parts {
    ($individuals:expr, $field:ident (section, agents)) => {
        $individuals.$field.as_slice()
    };
    ($individuals:expr, $field:ident $mark:tt) => {
        &[]
    };
}

pub(in crate::scenario) use parts;

/// Makes the parts of agents.
macro_rules! of_agents {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        /// The parts of agents that protocols read, each by the numbers of the agents.
        #[derive(Clone, Debug, Default)]
        pub struct Individuals {
            $($(#[$on])* pub $field: Vec<<$Room as Room>::Agent>,)*
        }

        impl Individuals {
            /// The parts of one agent, by its own words and those of its template.
            pub(super) fn check(
                own: &AgentFile,
                template: &AgentFile,
                skills: &[Arc<str>],
            ) -> Result<Self, Problem> {
                Ok(Self {
                    $($(#[$on])* $field: vec![
                        <<$Room as Room>::Agent as Individual>::check(own.$field.as_ref(), template.$field.as_ref(), skills)
                            .map_err(|problem| problem.under(stringify!($field)))?
                    ],)*
                })
            }

            /// Adds the parts of one more agent.
            pub(super) fn extend(&mut self, other: &Self) {
                $($(#[$on])* self.$field.extend(other.$field.iter().cloned());)*
            }
        }
    };
}

individuals!(of_agents);

/// Makes what is set up in each room.
macro_rules! setups {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        impl Setups {
            /// Checks the section of each protocol; those checked before are there already.
            pub(super) fn check(scenario: &mut Scenario) -> Result<(), Problem> {
                $($(#[$on])* if let Some(file) = section!(&scenario.file, $field $mark) {
                    let acts = scenario.file.faults.iter().filter_map(|fault| match &fault.intervention {
                        Intervention::$Row(act) => Some(act),
                        _ => None,
                    });
                    let acts: Vec<_> = acts.collect();
                    let agents = parts!(scenario.individuals, $field $mark);
                    let ends_at_us = scenario.ends_at_us;
                    let brief = Brief { file, agents, acts: &acts, ends_at_us, cast: scenario };
                    let setup = <$Room as Room>::check(&brief);
                    scenario.rooms.$field = Some(setup.map_err(|problem| problem.under(stringify!($field)))?);
                })*
                Ok(())
            }

            /// Checks each section once it is known how long the run lasts at least.
            pub(super) fn check_span(&self, span_us: u64) -> Result<(), Problem> {
                $($(#[$on])* if let Some(setup) = &self.$field {
                    let checked = <$Room as Room>::check_span(setup, span_us);
                    checked.map_err(|problem| problem.under(stringify!($field)))?;
                })*
                Ok(())
            }

            /// The proposals that sections put to the vote, one after the other.
            #[must_use]
            pub fn proposals(&self) -> Vec<&SharedProposal> {
                let mut proposals = Vec::new();
                $($(#[$on])* proposals.extend(self.$field.iter().flat_map(<$Room as Room>::proposals));)*
                proposals
            }

            fn asks_facts_of(&self) -> Vec<Arc<str>> {
                let mut proposals = Vec::new();
                $($(#[$on])* proposals.extend(self.$field.iter().flat_map(<$Room as Room>::asks_facts_of));)*
                proposals
            }

            fn is_manager(&self, agent: AgentId) -> bool {
                let mut is_manager = false;
                $($(#[$on])* {
                    is_manager |= self.$field.as_ref().is_some_and(|it| <$Room as Room>::is_manager(it, agent));
                })*
                is_manager
            }

            /// The settings of all protocols.
            #[must_use]
            pub fn settings(&self, cast: &dyn Members) -> Vec<Setting> {
                let mut settings = Vec::new();
                $($(#[$on])* settings.extend(self.$field.iter().flat_map(|it| <$Room as Room>::settings(it, cast)));)*
                settings
            }

            /// The setting whose values can be compared: that of the first protocol which has one.
            #[must_use]
            pub fn compared(&self) -> Option<&'static str> {
                let mut first = None;
                $($(#[$on])* {
                    first = first.or_else(|| self.$field.as_ref().and(<$Room as Room>::COMPARED));
                })*
                first
            }

            /// Whether any protocol goes on to the end that the scenario names.
            #[must_use]
            pub fn go_on(&self) -> bool {
                let mut go_on = false;
                $($(#[$on])* {
                    go_on |= self.$field.as_ref().is_some_and(<$Room as Room>::goes_on);
                })*
                go_on
            }

            /// When all that the sections plan should be over.
            #[must_use]
            pub fn horizon_us(&self, cast: &dyn Members) -> Option<u64> {
                let mut horizon_us = None;
                $($(#[$on])* {
                    horizon_us = horizon_us.max(self.$field.as_ref().and_then(|it| <$Room as Room>::horizon_us(it, cast)));
                })*
                horizon_us
            }
        }

        /// Remarks on a scenario that is allowed all the same.
        pub(in crate::scenario) fn warnings(cast: &dyn Members, liars: &[&str], cut: &[&str]) -> Vec<String> {
            let mut warnings = Vec::new();
            $($(#[$on])* warnings.extend(<$Room as Room>::warnings(cast, liars, cut));)*
            warnings
        }

        /// Writes a setting into a file; the protocol that knows it does.
        ///
        /// # Errors
        /// When the proposals are none any more.
        pub fn set(
            file: &mut ScenarioFile,
            setting: &str,
            value: u32,
            before: &Scenario,
        ) -> Result<(), Problem> {
            let mut proposals = before.opened_files();
            $($(#[$on])* if let (Some(section), Some(setup)) = (section_mut!(file, $field $mark), &before.rooms.$field) {
                let mut edited = Edited { section, proposals: &mut proposals, cast: before };
                if <$Room as Room>::set(setup, &mut edited, setting, value).is_some() {
                    file.proposals =
                        proposals.iter().map(|it| read_part(&it.0)).collect::<Result<_, _>>()?;
                    return Ok(());
                }
            })*
            Ok(())
        }

        /// All proposals of a file, those in the sections of protocols among them.
        #[must_use]
        pub fn proposals_of(file: &ScenarioFile) -> Vec<WrittenProposal> {
            let mut proposals = written_all(&file.proposals);
            $($(#[$on])* {
                let own = section!(file, $field $mark).into_iter().flat_map(<$Room as Room>::proposal_files);
                proposals.extend(own.cloned());
            })*
            proposals
        }

        /// Whether there is a coordinator in a file that does not say: in all but those that only have sections of protocols that do
        /// without.
        pub(super) fn is_led(file: &ScenarioFile) -> bool {
            let (mut is_led, mut has_section) = (!file.proposals.is_empty(), false);
            $($(#[$on])* if written!(file, $field $mark).is_some_and(|_: &<$Room as Room>::File| true) {
                has_section = true;
                is_led |= <$Room as Room>::IS_LED;
            })*
            is_led || !has_section
        }

        /// Whether there is a section of a protocol by which agents share out tasks.
        fn gives_tasks(file: &ScenarioFile) -> bool {
            let mut gives_tasks = false;
            $($(#[$on])* {
                let is_there = written!(file, $field $mark).is_some_and(|_: &<$Room as Room>::File| true);
                gives_tasks |= is_there && <$Room as Room>::GIVES_TASKS;
            })*
            gives_tasks
        }
    };
}

protocols!(setups);

/// Proposals as the file spells them.
fn written_all(proposals: &[ProposalFile]) -> Vec<WrittenProposal> {
    let written = |file| WrittenProposal(serde_json::to_value(file).unwrap_or_default());
    proposals.iter().map(written).collect()
}

impl Members for Scenario {
    fn member(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        Self::member(self, &self.names, path, name)
    }

    fn find(&self, path: &str, name: &str) -> Result<AgentId, Problem> {
        self.names.find(path, name)
    }

    fn count(&self) -> u32 {
        self.members.len() as u32
    }

    fn agents(&self) -> u32 {
        self.count() + u32::from(self.coordinator.is_some())
    }

    fn profile(&self, agent: AgentId) -> Option<&Arc<Profile>> {
        Some(&self.members.get(agent.index())?.profile)
    }

    fn place(&self, agent: AgentId) -> String {
        let mut before = 0;
        let place = self.file.agents.iter().position(|it| {
            before += it.count.unwrap_or(1);
            agent.0 < before
        });
        format!("agents[{}]", place.unwrap_or_default())
    }

    fn coordinator(&self) -> Option<AgentId> {
        self.coordinator
    }

    fn topology(&self) -> &Topology {
        &self.topology
    }

    fn manager_of(&self, agent: AgentId) -> Option<AgentId> {
        let Topology::Hierarchical { parents } = &self.topology else { return None };
        let parent = parents.get(agent.index()).copied().flatten();
        parent.filter(|parent| self.rooms.is_manager(*parent))
    }

    fn is_manager(&self, agent: AgentId) -> bool {
        self.rooms.is_manager(agent)
    }

    fn opened(&self) -> &[(u64, SharedProposal)] {
        &self.proposals
    }

    fn opened_files(&self) -> Vec<WrittenProposal> {
        written_all(&self.file.proposals)
    }

    fn check_proposal(&self, written: &WrittenProposal) -> Result<Proposal, Problem> {
        check_proposal(&read_part(&written.0)?, self)
    }

    fn stages(&self) -> Vec<&SharedProposal> {
        self.rooms.proposals()
    }

    fn asks_facts_of(&self) -> Vec<Arc<str>> {
        self.rooms.asks_facts_of()
    }

    fn gives_tasks(&self) -> bool {
        gives_tasks(&self.file)
    }

    fn skills_to_come(&self) -> Vec<String> {
        let joining = self.file.faults.iter().filter_map(|fault| match &fault.intervention {
            Intervention::Spawn { agent } => Some(&**agent),
            _ => None,
        });
        let skills = joining.flat_map(|agent| {
            let template = agent.template.as_ref().and_then(|name| template(&self.file, name));
            agent.skills.clone().or(template.and_then(|template| template.skills))
        });
        skills.flatten().collect()
    }
}
