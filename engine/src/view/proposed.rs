//! A proposal by hand.

use serde_json::json;

use crate::common::consensus::section::WrittenProposal;
use crate::common::room::Members as _;
use crate::playback::run::Run;
use crate::protocol::document::Act;
use crate::protocol::problem::Problem;
use crate::scenario::file::intervention::Intervention;

/// A proposal like the last of the scenario, so that everyone finds the fields it judges by; `rule` is the name of an algorithm.
///
/// # Errors
/// When there is no algorithm of this name.
pub fn proposed(
    run: &Run,
    question: &str,
    rule: &str,
    deadline_ms: f64,
) -> Result<Intervention, Problem> {
    let (id, members) = (run.new_proposal_id(), run.scenario().count());
    let last = run.scenario().opened_files().pop();
    let mut proposal = last.unwrap_or_else(|| WrittenProposal(json!({})));
    // All that belongs to the rule of that one.
    let of_rule = ["threshold", "share_of", "min_participation", "gossip", "options", "rule"];
    of_rule.into_iter().chain(["deadline_ms"]).for_each(|field| proposal.leave_out(field));
    proposal.put("id", &id);
    proposal.put("question", &question.trim());
    proposal.put("algorithm", &rule);
    if rule != "byzantine" {
        proposal.leave_out("byzantine");
        proposal.put("deadline_ms", &deadline_ms);
    } else if !proposal.has("byzantine") {
        // As many liars as the swarm can bear.
        let most = members.saturating_sub(1) / 3;
        proposal.put("byzantine", &json!({ "fault_tolerance": most }));
    }
    if rule == "weighted" {
        proposal.put("threshold", &0.65);
    }
    Intervention::of(&Act::new("propose", &json!({ "proposal": proposal })))
}
