use std::sync::Arc;

use super::read::read_policy;
use super::*;
use crate::common::shown::Look;
use crate::common::value::data::DataFile;
use crate::map::Map;
use crate::playback::{Command, Run};
use crate::protocol::document::FormError;
use crate::protocol::problem::Problem;
use crate::protocols::work::board::Board;
use crate::protocols::work::standing::Standing;
use crate::scenario::file::intervention::Intervention;
use crate::scenario::gallery;

fn run_of(name: &str, time_us: u64) -> Run {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).expect("it is there");
    let mut run = Run::new(Arc::new(scenario), 7).expect("it starts");
    run.apply(&Command::SeekTime { time_us }).expect("any time can be sought");
    run
}

fn at(agent: Option<AgentId>) -> Look {
    Look { selected: agent, ..Look::default() }
}

/// One of the forms; nothing while it asks for nothing.
fn form_at(run: &Run, id: &str, agent: Option<AgentId>) -> Option<Form> {
    run.forms(&at(agent)).into_iter().find(|form| form.id == id && !form.is_empty())
}

fn task_form(run: &Run) -> Option<Form> {
    form_at(run, TASK, None)
}

fn worker_form(run: &Run, agent: AgentId) -> Option<Form> {
    form_at(run, WORKER, Some(agent))
}

fn problem(error: FormError) -> Problem {
    match error {
        FormError::Problem(problem) => problem,
        FormError::Told(text) => panic!("{text}"),
    }
}

fn read_task(run: &Run, typed: &Typed) -> Result<Intervention, Problem> {
    run.read_form(&at(None), TASK, typed).expect("it is of work").map_err(problem)
}

fn read_worker(run: &Run, agent: AgentId, typed: &Typed) -> Result<Intervention, Problem> {
    run.read_form(&at(Some(agent)), WORKER, typed).expect("it is of work").map_err(problem)
}

/// The name that is offered for a new task.
fn new_task_name(run: &Run) -> String {
    task_form(run).unwrap().fields[0].value.clone()
}

/// The values of a form before anybody has touched it, as a page would send them.
fn untouched(form: &Form) -> Typed {
    let mut typed = Vec::new();
    for field in &form.fields {
        let name = || field.name.to_owned();
        match &field.input {
            Input::Ticks(ticks) => {
                typed
                    .extend(ticks.iter().filter(|(_, is)| *is).map(|(it, _)| (name(), it.clone())));
            }
            _ => typed.push((name(), field.value.clone())),
        }
    }
    Typed(typed)
}

/// The same with one field at another value.
fn with(typed: &Typed, name: &str, value: &str) -> Typed {
    let mut typed = typed.clone();
    typed.0.retain(|(field, _)| field != name);
    typed.0.push((name.to_owned(), value.to_owned()));
    typed
}

fn new_task(run: &Run) -> Typed {
    untouched(&task_form(run).unwrap())
}

fn submit(run: &mut Run, typed: &Typed) -> Result<(), String> {
    let intervention = read_task(run, typed).map_err(|it| format!("{it:?}"))?;
    run.apply(&Command::Intervene(intervention)).map(drop).map_err(|it| it.to_string())
}

fn to_the_end(run: &mut Run) {
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: 1_000_000 }).unwrap();
}

/// The board of the coordinator.
fn board(run: &Run) -> Board {
    coordinators(&run.peek::<Work>().unwrap()).unwrap().board.clone()
}

#[test]
fn one_press_submits_a_task_that_is_done_wherever_tasks_are() {
    for (name, new) in [
        ("campaign", "campaign_002"),
        ("skill-or-reputation", "second-build-2"),
        ("hierarchy", "document-4"),
        ("task-distribution", "task-51"),
    ] {
        let mut run = run_of(name, 300_000);
        let typed = new_task(&run);
        assert_eq!(typed.text("id"), new, "{name}");
        submit(&mut run, &typed).unwrap();
        to_the_end(&mut run);
        let board = board(&run);
        let job = board.jobs.iter().find(|job| job.spec.name == new).expect("it came in");
        let standing = Standing::of(job);
        // Where skills stay uncovered it is done in part.
        let is_done = matches!(standing, Standing::Done | Standing::Partial);
        assert!(is_done, "{name}: {new} is {}", standing.words());
        assert_ne!(new_task_name(&run), new, "the next has a name of its own");
    }
}

#[test]
fn names_count_on() {
    for (name, next) in [("a", "a-2"), ("a-9", "a-10"), ("a_009", "a_010"), ("", "-2"), ("9", "10")]
    {
        assert_eq!(after(name), next);
    }
    let most = u64::MAX.to_string();
    assert_eq!(after(&most), format!("{most}-2"));
}

#[test]
fn what_is_wrong_is_said_with_its_repair() {
    let mut run = run_of("campaign", 500_000);
    let typed = new_task(&run);
    for (field, value, said) in [
        ("id", " ", "submit.task.id: expected a name of 1 to 64 characters"),
        ("id", "campaign_001", "expected a new id, found \"campaign_001\" a second time; give"),
        ("load", "-5", "submit.task.load: expected whole units of work above 0"),
        ("duration_ms", "0", "submit.task.duration_ms: expected above 0, found 0; leave it out"),
        ("deadline_ms", "400", "which is past by then; write a later time of the run"),
        ("depends_on", "campaign_01", "did you mean \"campaign_001\"?"),
        ("other_skills", "juggling, finance", "\"juggling\", which nobody has; name one"),
    ] {
        let error = submit(&mut run, &with(&typed, field, value)).unwrap_err();
        assert!(error.contains(said), "{field} {value:?}: {error}");
    }
    for (field, value, expected) in [
        ("load", "many", "a number"),
        ("load", "20.00000000000000001", "a number of at most 15 digits"),
        ("priority", "11", "a whole number from 1 to 10"),
        ("priority", "2.5", "a whole number from 1 to 10"),
        ("count", "-1", "a whole number from 1 to 10000"),
        ("complexity", "baroque", "simple, moderate or complex"),
    ] {
        let problem = read_task(&run, &with(&typed, field, value)).unwrap_err();
        assert_eq!(problem.expected, expected, "{field} {value:?}");
        assert!(!problem.repair.is_empty() && problem.path.ends_with(field), "{problem:?}");
    }
    assert_eq!(run.branches()[0].interventions(), [], "nothing of it was done");
    submit(&mut run, &typed).expect("repaired, it comes in");
}

#[test]
fn several_alike_have_a_name_each() {
    let mut run = run_of("campaign", 500_000);
    let typed = with(&with(&new_task(&run), "count", "3"), "budget", "90000");
    submit(&mut run, &typed).unwrap();
    assert_eq!(new_task_name(&run), "campaign_002-4");
    to_the_end(&mut run);
    let tasks: Vec<Standing> = board(&run).jobs().map(Standing::of).collect();
    assert_eq!(tasks.len(), 4);
    assert!(!tasks.contains(&Standing::Failed), "{tasks:?}");
}

fn change(run: &mut Run, agent: u32, fields: &[(&str, &str)]) -> Intervention {
    let form = worker_form(run, AgentId(agent)).unwrap();
    let typed = fields.iter().fold(untouched(&form), |it, (name, value)| with(&it, name, value));
    let changed = read_worker(run, AgentId(agent), &typed).unwrap();
    run.apply(&Command::Intervene(changed.clone())).unwrap();
    run.apply(&Command::AdvanceTo { time_us: run.simulation().now_us() + 1, budget: 9 }).unwrap();
    changed
}

#[test]
fn only_what_differs_is_changed_in_an_agent() {
    let mut run = run_of("campaign", 500_000);
    let changed = change(&mut run, 3, &[("capacity", "50"), ("speed", "")]);
    let Intervention::Work(changed) = changed else { panic!("{changed:?}") };
    let WorkAct::SetWork { agent, speed, fails, healthy, skills, capacity, knows } = changed else {
        panic!("{changed:?}")
    };
    assert_eq!((agent.as_str(), capacity), ("support", Some(50)));
    assert_eq!((speed, fails, healthy, skills, knows), (None, None, None, None, Map::new()));
    let changed = change(&mut run, 3, &[("other_skills", "finance, juggling"), ("healthy", "")]);
    let Intervention::Work(changed) = changed else { panic!("{changed:?}") };
    let WorkAct::SetWork { skills: Some(skills), capacity: None, .. } = changed else {
        panic!("{changed:?}")
    };
    assert_eq!(skills, ["helpdesk", "finance", "juggling"]);
    // A skill that nobody had before can be asked for now.
    let form = task_form(&run).unwrap();
    let skills = form.fields.iter().find(|field| field.name == "skills").unwrap();
    let Input::Ticks(ticks) = &skills.input else { panic!("{form:?}") };
    assert!(ticks.iter().any(|(skill, ticked)| skill == "juggling" && !ticked), "{ticks:?}");
    let typed = with(&new_task(&run), "skills", "juggling");
    submit(&mut run, &typed).unwrap();
    to_the_end(&mut run);
    assert_eq!(Standing::of(&board(&run).jobs[1]), Standing::Done);
}

#[test]
fn what_an_agent_tells_others_is_changed_like_the_rest() {
    let mut run = run_of("budget-question", 500_000);
    let form = worker_form(&run, AgentId(1)).unwrap();
    assert_eq!(form.fields.last().unwrap().value, "ads_budget: 30000");
    let none = worker_form(&run, AgentId(0)).unwrap();
    assert!(none.fields.iter().all(|field| field.name != "knows"), "marketing tells nothing");
    let changed = change(&mut run, 1, &[("knows", "ads_budget: 12.5")]);
    let Intervention::Work(WorkAct::SetWork { knows, .. }) = &changed else {
        panic!("{changed:?}")
    };
    assert_eq!(knows.get("ads_budget"), Some(&DataFile::Number(12.5)));
    assert_eq!(changed.label(), "finance has another ads_budget");
    let typed = with(&untouched(&form), "knows", "ads_budget 7");
    let problem = read_worker(&run, AgentId(1), &typed).unwrap_err();
    assert!(problem.repair.contains("write for example budget: 30000"), "{problem:?}");
    let typed = with(&untouched(&form), "knows", "ads_bugdet: 7");
    let order = read_worker(&run, AgentId(1), &typed).unwrap();
    let problem = run.apply(&Command::Intervene(order)).unwrap_err().to_string();
    assert!(problem.contains("did you mean \"ads_budget\"?"), "{problem}");
}

#[test]
fn a_change_of_nothing_is_refused() {
    let mut run = run_of("campaign", 500_000);
    let typed = untouched(&worker_form(&run, AgentId(0)).unwrap());
    let nothing = read_worker(&run, AgentId(0), &typed).unwrap();
    let error = run.apply(&Command::Intervene(nothing)).unwrap_err().to_string();
    assert!(error.contains("found none; say what changes"), "{error}");
    for (name, value) in [("capacity", "-1"), ("speed", "fast"), ("fails", "a little")] {
        let problem = read_worker(&run, AgentId(0), &with(&typed, name, value)).unwrap_err();
        assert!(problem.path.ends_with(name), "{problem:?}");
    }
    let too_often = read_worker(&run, AgentId(0), &with(&typed, "fails", "2")).unwrap();
    let error = run.apply(&Command::Intervene(too_often)).unwrap_err().to_string();
    assert!(error.contains("write 0.02 for 2 %"), "{error}");
    // The coordinator does not work, and who is down cannot be asked.
    assert_eq!(worker_form(&run, run.cast().coordinator.unwrap()), None);
    run.apply(&Command::Intervene(Intervention::Crash { agent: "marketing".to_owned() })).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 500_001, budget: 9 }).unwrap();
    assert_eq!(worker_form(&run, AgentId(0)), None);
    assert!(read_worker(&run, AgentId(0), &typed).unwrap_err().repair.contains("restart"));
    assert!(read_worker(&run, AgentId(99), &typed).is_err());
}

#[test]
fn another_policy_chooses_another_agent() {
    let mut run = run_of("skill-or-reputation", 400_000);
    let typed = untouched(&policy_form(Policy::BALANCED));
    let changed = read_policy(Policy::BALANCED, &with(&typed, "policy", "skill_first")).unwrap();
    run.apply(&Command::Intervene(Intervention::Work(changed))).unwrap();
    let typed = new_task(&run);
    submit(&mut run, &typed).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 900_000, budget: 1_000 }).unwrap();
    let board = board(&run);
    assert_eq!(board.policy, Policy::SKILL_FIRST);
    let specialist = board.jobs[1].parts[0].attempts[0].agent;
    assert_eq!(run.cast().name(specialist), "specialist");
}

#[test]
fn weights_of_ones_own_sum_to_a_hundred() {
    let own = untouched(&policy_form(Policy { reputation: 50, skill: 30, load: 20 }));
    assert_eq!(own.0[0].1, "own");
    let weights = |reputation, skill| with(&with(&own, "reputation", reputation), "skill", skill);
    let mut run = run_of("campaign", 500_000);
    let short = read_policy(Policy::BALANCED, &weights("50", "10")).unwrap();
    let error = run.apply(&Command::Intervene(Intervention::Work(short))).unwrap_err().to_string();
    assert!(error.contains("expected weights that sum to 100, found 80; write"), "{error}");
    let problem = read_policy(Policy::BALANCED, &weights("-50", "130")).unwrap_err();
    assert_eq!(problem.path, "set_policy.policy.reputation");
    assert!(problem.repair.contains("40, 40 and 20"), "{problem:?}");
    assert_eq!(read_policy(Policy::BALANCED, &weights("40", "40")).unwrap_err().found, "the same");
    let named = untouched(&policy_form(Policy::SKILL_FIRST));
    assert_eq!(read_policy(Policy::SKILL_FIRST, &named).unwrap_err().found, "the same");
    let all = read_policy(Policy::BALANCED, &weights("80", "0")).unwrap();
    run.apply(&Command::Intervene(Intervention::Work(all))).unwrap();
}

#[test]
fn a_policy_reaches_the_managers_of_a_hierarchy() {
    let mut run = run_of("hierarchy", 100_000);
    let typed = with(&untouched(&policy_form(Policy::BALANCED)), "policy", "skill_first");
    let changed = read_policy(Policy::BALANCED, &typed).unwrap();
    run.apply(&Command::Intervene(Intervention::Work(changed))).unwrap();
    run.apply(&Command::AdvanceTo { time_us: 100_001, budget: 9 }).unwrap();
    let peek = run.peek::<Work>().unwrap();
    let editor = worker(&peek, AgentId(0)).unwrap().board.as_ref().unwrap();
    assert_eq!(editor.policy, Policy::SKILL_FIRST);
}

#[test]
fn where_nobody_works_there_is_nothing_to_order() {
    let run = run_of("deployment-vote", 0);
    assert_eq!((task_form(&run), worker_form(&run, AgentId(0))), (None, None));
    assert_eq!(run.read_form(&at(None), TASK, &Typed::default()), None);
}

#[test]
fn the_way_to_assign_is_a_form_and_its_act_what_is_chosen() {
    let run = run_of("schedulers", 1_000_000);
    let form = form_at(&run, ASSIGN, None).unwrap();
    assert_eq!(form.fields[0].value, "round_robin");
    assert_eq!(form_at(&run, POLICY, None), None, "nobody bids");
    let typed = Typed(vec![("assign".to_owned(), "adaptive".to_owned())]);
    let act = run.read_form(&at(None), ASSIGN, &typed).unwrap().unwrap();
    assert_eq!(act.label(), "assign by adaptive");
    // The rule of the file's own fault holds later on.
    let run = run_of("schedulers", 3_000_000);
    assert_eq!(form_at(&run, ASSIGN, None).unwrap().fields[0].value, "adaptive");
    assert!(form_at(&run_of("campaign", 0), POLICY, None).is_some());
}
