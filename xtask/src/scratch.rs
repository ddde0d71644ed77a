//! A folder for the time being: a browser leaves profiles and sockets behind where it runs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How long the processes that use the folder may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// Removed when dropped, with all that is in it.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    pub fn new() -> Result<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("swarmglass-{}-{number}", process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self { folder })
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let start = Instant::now();
        // A browser's last processes may still be writing there.
        while fs::remove_dir_all(&self.folder).is_err() && self.folder.exists() {
            if start.elapsed() > PATIENCE {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_of_a_scratch_folder() -> Result<()> {
        let (first, second) = (Scratch::new()?, Scratch::new()?);
        assert_ne!(first.path(), second.path());
        let folder = first.path().to_path_buf();
        fs::write(folder.join("left behind"), "by a browser")?;
        drop(first);
        assert!(!folder.exists());
        Ok(())
    }
}
