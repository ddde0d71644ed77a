use super::*;

/// A document is printed so.
#[track_caller]
fn check(document: &Document, expected: &str) {
    assert_eq!(document.to_string(), expected);
}

#[test]
fn a_title_is_followed_by_what_it_leaves_open() {
    let document = Document::new("a", "Load").hint("of what each can carry");
    check(&document, "Load (of what each can carry)\n");
    check(&Document::new("a", ""), "");
}

#[test]
fn what_is_said_only_and_what_is_pressed_only_is_not_printed() {
    let button = Button {
        id: "",
        text: "Go".to_owned(),
        press: Press::Seek(1),
        disabled: false,
        is_link: false,
    };
    let document = Document::new("a", "A")
        .block(Sentence::at(Level::Spoken, "open"))
        .block(vec![button])
        .block(Sentence::lead("b", "2 of 3", " passed."));
    check(&document, "A\n  2 of 3 passed.\n");
}

#[test]
fn a_text_of_a_person_cannot_begin_a_line() {
    let document = Document::new("a", "A\nB").block(Sentence::lead("b", "x\r\ny", ""));
    check(&document, "A\\nB\n  x\\r\\ny\n");
}

#[test]
fn the_columns_of_a_table_stand_one_below_the_other() {
    let row = |name: &str, value: &str| Row::new(Cell::text(name), [Cell::text(value)]);
    let track = TrackBar {
        parts: vec![Part { permille: 500, label: "40".to_owned(), ..Part::default() }],
        is_track: true,
        ..TrackBar::default()
    };
    let table = Table {
        columns: vec![Column::new("agent", Align::Start), Column::new("score", Align::End)],
        rows: vec![
            row("ann", "105"),
            Row { note: "free".to_owned(), trouble: "slow".to_owned(), ..row("somebody", "7") },
            Row::new(Cell::text("bar"), [Cell::bar(track)]),
            Row::new(Cell::text("a very long head of a row").wide(), []),
        ],
        more: "and 3 lower".to_owned(),
        ..Table::default()
    };
    let expected = "\
T
  agent                       score
  ann                           105
  somebody                        7
    free; slow
  bar       ██████████·········· 40
  a very long head of a row
  and 3 lower
";
    check(&Document::new("t", "T").block(table), expected);
}

#[test]
fn a_bar_is_drawn_with_its_threshold() {
    let segment = |amount, tint, texture| Segment { amount, tint, texture, label: String::new() };
    let bar = Bar {
        words: "FOR 2".to_owned(),
        threshold: Some(Threshold { permille: 500, words: "2 needed".to_owned() }),
        segments: vec![
            segment(2, Tint::For, Texture::Solid),
            segment(1, Tint::Plain, Texture::Dotted),
            segment(1, Tint::Against, Texture::Hatched),
        ],
        ..Bar::default()
    };
    let expected = "B\n  [████████████████████|..........//////////] FOR 2 | 2 needed\n";
    check(&Document::new("b", "B").block(bar), expected);
}

#[test]
fn lists_are_numbered_or_signed() {
    let items = vec![Item::new("one"), Item::new("two")];
    let numbered =
        List { layout: ListLayout::Numbered(3), items: items.clone(), ..List::default() };
    let signed = Item { said: "holds", ..Item::new("three").sign(Sign::Holds) };
    let noted = Item { note: "open".to_owned(), ..Item::new("a").sign(Sign::Asked) };
    let chain = List {
        layout: ListLayout::Chain,
        items: vec![noted, Item { note: "waits".to_owned(), ..Item::new("deploy") }],
        ..List::default()
    };
    let grid = List {
        layout: ListLayout::Grid,
        items: vec![Item::new("x").sign(Sign::Result), Item::new("y").sign(Sign::Open)],
        ..List::default()
    };
    let document = Document::new("l", "L")
        .block(numbered)
        .block(List { items: vec![signed], ..List::default() })
        .block(chain)
        .block(grid);
    check(
        &document,
        "L\n  3. one\n  4. two\n  ✓ three: holds\n  ? a       open\n  deploy  waits\n  ●○\n",
    );
}

#[test]
fn a_curve_is_printed_as_columns_within_its_axis() {
    let points = [0, 500, 1_000, 2_000].into_iter().zip(0..).map(|(y, x)| (x, y)).collect();
    let series = Series { points, is_model: true, name: "ann".to_owned(), ..Series::default() };
    let curve = Curve { y_max: 1_000, series: vec![series], ..Curve::default() };
    check(&Document::new("c", "C").block(curve), "C\n  ▁▄██ expected ann\n");
}

#[test]
fn a_field_that_is_renewed_asks_the_same_with_another_value() {
    let field = |value: &str| Field::new("id", "Name", value.to_owned(), Input::Number);
    assert!(field("a").renewed().asks_the_same(&field("b").renewed()));
    assert!(!field("a").asks_the_same(&field("b")));
    assert!(!field("a").renewed().asks_the_same(&field("a")));
    assert!(!field("a").asks_the_same(&field("a").hint("any")));
}
