use super::*;
use crate::protocols::state::crdt::CrdtKind;
use crate::protocols::state::holder::{StateRules, SyncKind};
use crate::protocols::state::memory::HolderDurable;
use crate::protocols::state::replica::KeyRule;
use crate::sim::LocalTime;

const QUEUE: KeyId = KeyId(0);
const LISTS: [KeyId; 2] = [KeyId(1), KeyId(2)];
const COMPLETED: KeyId = KeyId(3);
const ME: AgentId = AgentId(0);

/// The first of two agents.
fn holder() -> Holder {
    let kinds = [CrdtKind::OrSet, CrdtKind::OrSet, CrdtKind::OrSet, CrdtKind::GCounter];
    let rule = |kind: CrdtKind| KeyRule {
        name: "x".into(),
        kind: Some(kind),
        strategy: Strategy::Crdt,
        change: 0,
        strong: false,
    };
    let rules = StateRules {
        keys: kinds.into_iter().map(rule).collect(),
        sync_interval_us: 0,
        sync_by: SyncKind::Delta,
        push: true,
        timeout_us: 1,
        horizon: 100,
        durable: true,
        members: 2,
        follow_ups: Vec::new(),
        work: Some(WorkKeys {
            queue: Some(QUEUE),
            lists: LISTS.to_vec(),
            completed: Some(COMPLETED),
        }),
    };
    Holder::new(&HolderDurable::new(ME, Arc::new(rules)))
}

fn write(holder: &mut Holder, writes: &[(KeyId, Operation)]) {
    for (key, operation) in writes {
        let rule = holder.rules.keys[key.0 as usize].clone();
        holder.replica.write((*key, &rule), operation, LocalTime(1)).unwrap();
    }
}

fn insert(holder: &mut Holder, key: KeyId, name: &str) {
    write(holder, &[(key, Operation::Insert(Value::text(name)))]);
}

/// Steps such as `taken:t`; of a part, `taken:t/law`.
fn moved(told: &str) -> Vec<(TaskName, TaskStep)> {
    let step = |word: &str| {
        let (step, name) = word.split_once(':').unwrap();
        let step = match step {
            "taken" => TaskStep::Taken,
            "delivered" => TaskStep::Delivered,
            "given_up" => TaskStep::GivenUp,
            "late" => TaskStep::Judged(Verdict::Late),
            "counts" => TaskStep::Judged(Verdict::Counts),
            "completes" => TaskStep::Judged(Verdict::Completes),
            _ => unreachable!("no such step: {step}"),
        };
        let whole = name.split_once('/').map_or(name, |(whole, _)| whole);
        (TaskName { name: name.into(), whole: whole.into() }, step)
    };
    told.split_whitespace().map(step).collect()
}

/// The queue, the agent's own list, and the count.
fn kept(holder: &Holder) -> (String, String, i64) {
    let names = |key| {
        let names: Vec<String> = holder.items(key).iter().map(Value::plain).collect();
        names.join(" ")
    };
    let count = holder.replica.records.get(&COMPLETED).map(|it| it.current().value.clone());
    let count = count.and_then(|it| it.as_number()).unwrap_or(0) / SCALE;
    (names(QUEUE), names(LISTS[0]), count)
}

#[test]
fn a_task_goes_from_the_queue_to_a_list_and_from_there_to_the_count_or_back() {
    // The steps told by one handler after the other, and the keys after them; the queue held t and u.
    for (handlers, queue, list, count) in [
        (&[][..], "t u", "", 0),
        (&["taken:t"], "u", "t", 0),
        (&["taken:t taken:u"], "", "t u", 0),
        (&["taken:t", "delivered:t"], "u", "", 0),
        (&["taken:t", "delivered:t", "completes:t"], "u", "", 1),
        (&["taken:t taken:u", "delivered:t", "delivered:u completes:t", "completes:u"], "", "", 2),
        // Failed, called off, or called off and awarded again in one step.
        (&["taken:t", "given_up:t"], "t u", "", 0),
        (&["taken:t", "given_up:t taken:t"], "u", "t", 0),
        // The result came too late; by then it may be at it again.
        (&["taken:t", "delivered:t", "late:t"], "t u", "", 0),
        (&["taken:t", "delivered:t", "taken:t", "late:t"], "u", "t", 0),
        (&["taken:t", "delivered:t", "taken:t", "given_up:t", "late:t"], "t u", "", 0),
        // Parts of one task: kept under the name of the whole, and counted by the last.
        (&["taken:t/x"], "u", "t", 0),
        (&["taken:t/x taken:t/y", "delivered:t/x", "counts:t/x"], "u", "t", 0),
        (&["taken:t/x taken:t/y", "given_up:t/x"], "u", "t", 0),
        (&["taken:t/x", "taken:t/y", "given_up:t/x", "given_up:t/y"], "t u", "", 0),
        (&["taken:t/x", "delivered:t/x", "completes:t/x"], "u", "", 1),
        (&["taken:t/x", "delivered:t/x", "counts:t/x"], "u", "", 0),
        // A worker of a manager: what it has done counts there.
        (&["taken:t", "delivered:t", "counts:t"], "u", "", 0),
    ] {
        let mut holder = holder();
        insert(&mut holder, QUEUE, "t");
        insert(&mut holder, QUEUE, "u");
        for told in handlers {
            let writes = holder.take_note(ME, &moved(told), None);
            write(&mut holder, &writes);
        }
        let expected = (queue.to_owned(), list.to_owned(), count);
        assert_eq!(kept(&holder), expected, "{handlers:?}");
        assert_eq!(holder.take_note(ME, &[], None), [], "{handlers:?}: all is written");
    }
}

#[test]
fn what_it_knows_leaves_the_queue_again_whenever_it_comes_there() {
    for (told, stays) in [
        ("taken:t", false),
        ("taken:t delivered:t", false),
        ("taken:t delivered:t completes:t", false),
        ("taken:t delivered:t counts:t", true),
        ("taken:t delivered:t late:t", true),
        ("taken:t given_up:t", true),
    ] {
        let mut holder = holder();
        let writes = holder.take_note(ME, &moved(told), None);
        write(&mut holder, &writes);
        insert(&mut holder, QUEUE, "t");
        let writes = holder.take_note(ME, &[], None);
        write(&mut holder, &writes);
        assert_eq!(kept(&holder).0 == "t", stays, "{told}");
    }
}

#[test]
fn after_a_crash_it_puts_back_what_it_has_lost() {
    let mut holder = holder();
    let writes = holder.take_note(ME, &moved("taken:t taken:u taken:v delivered:v"), None);
    write(&mut holder, &writes);
    // A manager still has what its workers do.
    let writes = holder.take_note(ME, &[], Some(&["u".into()]));
    write(&mut holder, &writes);
    assert_eq!(kept(&holder), ("t".to_owned(), "u".to_owned(), 0));
    // Others may give its own list back to it as it was.
    insert(&mut holder, LISTS[0], "t");
    insert(&mut holder, LISTS[1], "t");
    let writes = holder.take_note(ME, &[], None);
    write(&mut holder, &writes);
    assert_eq!(kept(&holder).1, "u");
    assert_eq!(holder.items(LISTS[1]), [Value::text("t")], "another's list is another's");
}

#[test]
fn without_news_nothing_is_mended_that_is_not_merged() {
    let mut holder = holder();
    for rule in &mut Arc::make_mut(&mut holder.rules).keys {
        rule.strategy = Strategy::LastWriteWins;
    }
    let writes = holder.take_note(ME, &moved("taken:t"), None);
    assert_eq!(writes, [(LISTS[0], Operation::Insert(Value::text("t")))]);
    insert(&mut holder, QUEUE, "t");
    assert_eq!(holder.take_note(ME, &[], None), []);
    let removed = holder.take_note(ME, &moved("taken:u"), None);
    assert!(removed.contains(&(QUEUE, Operation::Remove(Value::text("t")))));
}

#[test]
fn of_tasks_it_does_not_have_it_forgets_the_oldest() {
    let mut memory = TaskMemory::default();
    let mut learn = |told: &str, number: usize| {
        for (task, step) in moved(&format!("{told}:t-{number}")) {
            memory.learn(&task, step, &mut News::default());
        }
    };
    learn("taken", 0);
    for number in 1..=REMEMBERED_MAX + 1 {
        learn("taken", number);
        learn("delivered", number);
    }
    assert_eq!(memory.0.len(), REMEMBERED_MAX + 1);
    assert!(memory.knows("t-0") && !memory.knows("t-1") && memory.knows("t-2"));
}
