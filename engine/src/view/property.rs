//! What a property says, in a sentence.

/// By its name.
#[must_use]
pub fn meaning(name: &str) -> &'static str {
    match name {
        "agreement" => "No two agents hold different outcomes",
        "validity" => "What is decided follows from the ballots that were cast",
        "termination" => "Every agent that is up and has heard of it comes to hold an outcome",
        "counted_once" => "No agent’s ballot counts twice",
        "gates" => "No stage is opened before the one that is its gate was approved",
        "one_value_per_version" => "No version of a strong key ever has two values",
        "convergence" => "In the end all who are up hold the same",
        "every_task_ends" => "Every task that came in is done, or has failed for a reason",
        "results_count_once" => "No part is done twice, and no task ends twice",
        "reputation_adds_up" => "Every reputation is what its agent’s outcomes come to",
        "requests_heard" => "What is asked of an agent that is away reaches it when it is back",
        "books_balance" => "What was sent is delivered, lost or on its way",
        _ => "",
    }
}
