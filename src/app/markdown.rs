//! The part of Markdown that info pages use: headings, paragraphs, lists, **strong**, `code`.
//! A whole Markdown reader would weigh more than all the pages it shows.

use leptos::prelude::*;

/// A piece of a page.
#[derive(Debug, PartialEq, Eq)]
enum Block<'a> {
    Heading(&'a str),
    Paragraph(String),
    List(Vec<String>),
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            open = false;
        } else if let Some(heading) = line.strip_prefix('#') {
            let heading = heading.trim_start_matches('#').trim();
            // The first heading is the title, which the dialog has already.
            if !line.starts_with("# ") {
                blocks.push(Block::Heading(heading));
            }
            open = false;
        } else if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            match blocks.last_mut() {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            }
            open = true;
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(paragraph)) if open => join(paragraph, line),
                Some(Block::List(items)) if open => {
                    if let Some(item) = items.last_mut() {
                        join(item, line);
                    }
                }
                _ => blocks.push(Block::Paragraph(line.to_owned())),
            }
            open = true;
        }
    }
    blocks
}

fn join(text: &mut String, line: &str) {
    text.push(' ');
    text.push_str(line.trim_start());
}

/// Text with its strong and emphasised words and its code.
fn inline(text: &str) -> Vec<AnyView> {
    let mut parts = Vec::new();
    for (n, outer) in text.split('`').enumerate() {
        if n % 2 == 1 {
            parts.push(view! { <code>{outer.to_owned()}</code> }.into_any());
            continue;
        }
        let pieces: Vec<&str> = outer.split('*').collect();
        let mut strong = false;
        for (stars, piece) in pieces.iter().enumerate() {
            let text = (*piece).to_owned();
            if text.is_empty() {
                // Between the two stars that begin or end what is strong.
                strong ^= stars > 0 && stars + 1 < pieces.len();
            } else if strong {
                parts.push(view! { <strong>{text}</strong> }.into_any());
            } else if stars % 2 == 1 {
                parts.push(view! { <em>{text}</em> }.into_any());
            } else {
                parts.push(text.into_any());
            }
        }
    }
    parts
}

/// The page as elements.
pub fn view(text: &str) -> impl IntoView + use<> {
    let element = |block: Block| match block {
        Block::Heading(text) => view! { <h3>{text.to_owned()}</h3> }.into_any(),
        Block::Paragraph(text) => view! { <p>{inline(&text)}</p> }.into_any(),
        Block::List(items) => {
            let items: Vec<_> =
                items.iter().map(|item| view! { <li>{inline(item)}</li> }).collect();
            view! { <ul>{items}</ul> }.into_any()
        }
    };
    blocks(text).into_iter().map(element).collect_view()
}
