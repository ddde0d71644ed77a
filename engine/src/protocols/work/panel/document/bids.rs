//! Who bid for a task, the parts of their scores as bars, and who did not bid.

use crate::protocol::document::{
    Button, Cell, Document, Legend, Part, Press, Row, Sign, Table, Texture, Tint, TrackBar, Weight,
};
use crate::protocols::work::panel::bids::{Bid, Bids, Other};

/// How the parts of a score look: reputation, skill and what is free.
const LOOKS: [(Tint, Texture); 3] =
    [(Tint::Accent, Texture::Solid), (Tint::Data, Texture::Solid), (Tint::Plain, Texture::Pale)];

pub(super) fn document(bids: &Bids) -> Document {
    let bid = bids.rows.iter().map(|it| bid(it, bids.most_milli));
    let lower = (bids.more > 0).then(|| {
        let words = format!("and {} lower", bids.more);
        Row::new(Cell::text(words).weight(Weight::Quiet).wide(), [])
    });
    let table = Table {
        id: "bids",
        caption: "The best first: the parts of the score, and their sum",
        legend: LOOKS.into_iter().zip(&bids.parts).map(legend).collect(),
        rows: bid.chain(lower).chain(bids.others.iter().map(other)).collect(),
        more: match bids.more_others {
            0 => String::new(),
            more => format!("and {more} more"),
        },
        ..Table::default()
    };
    let why = bids.why.map(|award| {
        vec![Button {
            id: "why-award",
            text: "why?".to_owned(),
            press: Press::Why(award),
            disabled: false,
            is_link: true,
        }]
    });
    Document::new("work-bids", "Bids").hint(bids.hint.as_str()).block(table).block_if(why)
}

fn legend(((tint, texture), words): ((Tint, Texture), &String)) -> Legend {
    Legend { tint, texture, words: words.clone() }
}

fn bid(bid: &Bid, most_milli: u64) -> Row {
    let part = |((milli, words), (tint, texture)): (&(u64, String), (Tint, Texture))| Part {
        permille: (milli * 1_000 / most_milli) as u32,
        tint,
        texture,
        label: words.clone(),
    };
    let parts = bid.parts.iter().zip(LOOKS).map(part).collect();
    let weight = if bid.chosen { Weight::Strong } else { Weight::Plain };
    let bar = Cell::bar(TrackBar { parts, ..TrackBar::default() });
    let sum = Cell::text(bid.total.as_str()).weight(Weight::Large);
    Row::new(Cell::text(bid.name.as_str()).weight(weight), [bar, sum])
}

/// Who has not bid, or not yet.
fn other(other: &Other) -> Row {
    let sign = if other.bids { Sign::Working } else { Sign::Open };
    let sign = Cell { signs: vec![sign], ..Cell::default() };
    Row::new(Cell::text(other.name.as_str()), [Cell::text(other.words.as_str()), sign])
}
