use std::sync::Arc;

use super::*;
use crate::playback::{Command, Run};
use crate::scenario::file::intervention::Intervention;
use crate::scenario::gallery;

fn run_of(name: &str) -> Run {
    let scenario = gallery::find(name).and_then(gallery::Entry::scenario).expect("it is there");
    let mut run = Run::new(Arc::new(scenario), 7).expect("it starts");
    run.apply(&Command::StepForward).expect("it steps");
    run
}

fn form_of(run: &Run, look: &Look) -> Form {
    run.forms(look).into_iter().find(|form| form.id == ID).expect("it is there")
}

fn read_of(run: &Run, look: &Look, rows: &[[&str; 3]]) -> Result<Vec<WriteFile>, String> {
    let cell = |(name, text): (&str, &&str)| (name.to_owned(), (*text).to_owned());
    let cells = rows.iter().flat_map(|row| ["key", "operation", "value"].into_iter().zip(row));
    let typed = Typed(cells.map(cell).collect());
    match run.read_form(look, ID, &typed).expect("it is of this protocol") {
        Ok(Intervention::State(StateAct::Write { writes, .. })) => Ok(writes),
        Ok(other) => panic!("{other:?}"),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn one_key_has_no_name_and_a_counter_is_raised_by_one() {
    let run = run_of("counter-partition");
    let form = form_of(&run, &Look::default());
    assert_eq!(form.button, "Write at agent-1");
    let rows = form.rows.expect("one");
    let first: Vec<&str> = rows.first.iter().map(|field| field.value.as_str()).collect();
    assert_eq!((first, rows.other), (vec!["", "", "1"], Vec::new()));
    let at_third = Look { selected: Some(AgentId(2)), ..Look::default() };
    assert_eq!(form_of(&run, &at_third).button, "Write at agent-3");
    let writes = read_of(&run, &at_third, &[["", "add", " 5 "]]).expect("it is a number");
    assert_eq!((writes[0].key.as_str(), writes[0].add), ("completed_count", Some(5.0)));
    let error = read_of(&run, &at_third, &[["", "add", "many"]]).unwrap_err();
    assert_eq!(error, "completed_count: \"many\" is no number; write for example 1");
}

#[test]
fn another_key_offers_what_it_takes() {
    let run = run_of("reconnection");
    let form = form_of(&run, &Look::default());
    let rows = form.rows.expect("one");
    let names: Vec<String> = run
        .peek::<State>()
        .expect("it keeps something")
        .known()
        .names
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!((&rows.first[0].value, &rows.other[0].value), (&names[0], &names[1]));
    let Input::OneFor { field: "key", options } = &rows.other[1].input else { panic!("{rows:?}") };
    let keys: Vec<&String> = options.iter().map(|(key, _)| key).collect();
    assert_eq!(keys, names.iter().collect::<Vec<_>>());
    for (key, operations) in options {
        let first = &operations.first().expect("each takes one").0;
        let error = read_of(&run, &Look::default(), &[[key, first, "[a, b]"]]).unwrap_err();
        assert!(error.starts_with(&format!("{key}: \"[a, b]\" ")), "{error}");
    }
    let both = [[names[0].as_str(), "add", "10"], ["task_queue", "set", "[\"a\", \"b\"]"]];
    let writes = read_of(&run, &Look::default(), &both).expect("both can be read");
    assert_eq!((&writes[0].key, writes[1].key.as_str()), (&names[0], "task_queue"));
    assert!(writes[0].add.is_some() && writes[1].set.is_some(), "{writes:?}");
}

#[test]
fn a_number_of_too_many_digits_is_told_with_its_key() {
    let run = run_of("counter-partition");
    let long = "0.30000000000000000000000001";
    let error = read_of(&run, &Look::default(), &[["", "add", long]]).unwrap_err();
    assert!(error.starts_with("the write to completed_count: "), "{error}");
}
