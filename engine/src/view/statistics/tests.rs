use super::*;

fn figures(total: u64, approved: u64, rejected: u64, timeout: u64, durations_us: u64) -> Figures {
    let open = total - approved - rejected - timeout;
    Figures { total, open, approved, rejected, timeout, durations_us }
}

fn said(all: Figures) -> Option<String> {
    statistics(&Statistics { all, ..Statistics::default() }).map(|view| view.sentence)
}

#[test]
fn several_proposals_are_summed_up_in_a_sentence() {
    for (all, sentence) in [
        (figures(0, 0, 0, 0, 0), None),
        (figures(1, 1, 0, 0, 412_000), None),
        (figures(2, 0, 0, 0, 0), Some("2 proposals: 2 open.")),
        (
            figures(3, 2, 1, 0, 1_530_000),
            Some("3 proposals: 2 approved, 1 rejected; 66.7 % approved, 510 ms on average."),
        ),
        (
            figures(4, 1, 0, 2, 6_000_000),
            Some(
                "4 proposals: 1 approved, 2 timed out, 1 open; 33.3 % approved, 2.000 s on average.",
            ),
        ),
    ] {
        assert_eq!(said(all).as_deref(), sentence);
    }
}

#[test]
fn each_algorithm_has_a_row_where_there_are_several() {
    let mut of = Statistics { all: figures(3, 2, 0, 0, 700_000), ..Statistics::default() };
    of.by_algorithm.insert("quorum".to_owned(), figures(2, 2, 0, 0, 700_000));
    assert!(statistics(&of).is_some_and(|view| view.rows.is_empty()));
    of.by_algorithm.insert("weighted".to_owned(), figures(1, 0, 0, 0, 0));
    let rows = statistics(&of).map(|view| view.rows).unwrap_or_default();
    let rows: Vec<_> = rows
        .iter()
        .map(|row| format!("{} | {} | {}", row.algorithm, row.became, row.average))
        .collect();
    assert_eq!(rows, ["quorum | 2 approved | 350 ms", "weighted | 1 open | "]);
}
