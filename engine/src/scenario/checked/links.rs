//! The rules of links.

use crate::protocol::decimal;
use crate::protocol::number::write_number;
use crate::protocol::problem::Problem;
use crate::scenario::file::{LatencyFile, LinkFile};
use crate::sim::{AgentId, Latency, LinkModel, Routes};

/// A link model as a file spells it.
#[must_use]
pub fn link_file(link: &LinkModel) -> LinkFile {
    let ms = |us: u64| us as f64 / 1_000.0;
    let share = |ppm: u32| f64::from(ppm) / 1_000_000.0;
    LinkFile {
        latency_ms: Some(match link.latency {
            Latency::Fixed { us } => LatencyFile::Fixed(ms(us)),
            Latency::Uniform { min_us, max_us } => LatencyFile::Uniform(ms(min_us), ms(max_us)),
            Latency::LogNormal { median_us, sigma_milli } => LatencyFile::LogNormal {
                median: ms(median_us),
                sigma: f64::from(sigma_milli) / 1_000.0,
            },
        }),
        loss: share(link.loss_ppm),
        duplication: share(link.duplication_ppm),
        bytes_per_second: link.bytes_per_second,
    }
}

/// Checks that two agents, each with its name, have a link of their own.
pub fn check_linked(
    path: &str,
    routes: &Routes,
    (from, one): (&str, AgentId),
    (to, other): (&str, AgentId),
) -> Result<(), Problem> {
    if routes.are_linked(one, other) {
        return Ok(());
    }
    let found = format!("{from:?} and {to:?}, which have none");
    let repair = match (one == other, routes) {
        (true, _) => "name two agents: nobody has a link with itself",
        (_, Routes::Star { .. }) => "in a star, links lead from the hub to each of the others",
        (_, Routes::Ring { .. }) => {
            "in a ring, each has a link with the one before and after it; the coordinator is the last"
        }
        _ => {
            "in a hierarchy, links lead from each agent to its parent; the coordinator is above the root"
        }
    };
    Err(Problem::new(path, "two agents with a link between them", found, repair))
}

/// Checks what a link does to messages.
pub fn check_link(link: &LinkFile) -> Result<LinkModel, Problem> {
    let us = |ms| decimal::microseconds("latency_ms", ms);
    let latency = match link.latency_ms {
        None => Latency::Fixed { us: 1_000 },
        Some(LatencyFile::Fixed(ms)) => Latency::Fixed { us: us(ms)? },
        Some(LatencyFile::Uniform(least, most)) => {
            let (min_us, max_us) = (us(least)?, us(most)?);
            if min_us > max_us {
                let found = format!("{} before {}", write_number(least), write_number(most));
                let expected = "the least latency before the most";
                return Err(Problem::new("latency_ms", expected, found, "swap the two"));
            }
            Latency::Uniform { min_us, max_us }
        }
        Some(LatencyFile::LogNormal { median, sigma }) => {
            let sigma_milli = decimal::thousandths("latency_ms.log_normal.sigma", sigma)?;
            let sigma_milli = u32::try_from(sigma_milli).ok().filter(|milli| *milli <= 5_000);
            let sigma_milli = sigma_milli.ok_or_else(|| {
                let path = "latency_ms.log_normal.sigma";
                Problem::new(path, "above 0, up to 5", write_number(sigma), "0.5 is usual")
            })?;
            Latency::LogNormal { median_us: us(median)?, sigma_milli }
        }
    };
    if link.bytes_per_second == Some(0) {
        let repair = "leave it out for no limit, or cut the link";
        return Err(Problem::new("bytes_per_second", "1 or more", "0", repair));
    }
    Ok(LinkModel {
        latency,
        loss_ppm: decimal::parts_per_million("loss", link.loss)?,
        duplication_ppm: decimal::parts_per_million("duplication", link.duplication)?,
        bytes_per_second: link.bytes_per_second,
    })
}
