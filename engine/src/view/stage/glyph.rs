//! The picture of an agent's role, inside its disc.

/// A picture of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Star,
    Database,
    Window,
    Flask,
    Infinity,
    Shield,
    People,
    Gear,
    Chart,
    Page,
    Layers,
    BallotBox,
    Megaphone,
    Coin,
    Headset,
    /// A coordinator that shares out work.
    Hub,
}

/// Parts of the names of roles, and their pictures. The first that fits is taken.
const ROLES: [(&str, Glyph); 33] = [
    ("coordinator", Glyph::BallotBox),
    ("lead", Glyph::Star),
    ("chief", Glyph::Star),
    ("architect", Glyph::Star),
    ("backend", Glyph::Database),
    ("database", Glyph::Database),
    ("data", Glyph::Database),
    ("storage", Glyph::Database),
    ("frontend", Glyph::Window),
    ("design", Glyph::Window),
    ("qa", Glyph::Flask),
    ("test", Glyph::Flask),
    ("quality", Glyph::Flask),
    ("research", Glyph::Flask),
    ("devops", Glyph::Infinity),
    ("operations", Glyph::Infinity),
    ("sre", Glyph::Infinity),
    ("security", Glyph::Shield),
    ("guard", Glyph::Shield),
    ("legal", Glyph::Shield),
    ("manager", Glyph::People),
    ("team", Glyph::People),
    ("worker", Glyph::Gear),
    ("engineer", Glyph::Gear),
    ("analy", Glyph::Chart),
    ("finance", Glyph::Coin),
    ("market", Glyph::Megaphone),
    ("support", Glyph::Headset),
    ("pars", Glyph::Page),
    ("extract", Glyph::Page),
    ("document", Glyph::Page),
    ("aggregat", Glyph::Layers),
    ("release", Glyph::Layers),
];

/// The picture of a role, if there is one for it.
#[must_use]
pub fn glyph(role: &str) -> Option<Glyph> {
    let role = role.to_ascii_lowercase();
    ROLES.iter().find(|(part, _)| role.contains(part)).map(|(_, glyph)| *glyph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_pictures_by_parts_of_their_names() {
        let known =
            [("Lead engineer", Glyph::Star), ("qa", Glyph::Flask), ("analyzer", Glyph::Chart)];
        for (role, picture) in known {
            assert_eq!(glyph(role), Some(picture), "{role}");
        }
        assert_eq!(glyph("member"), None);
    }
}
