//! What the probe reaches for: things of this process that nobody behind the walls may touch.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::system::files::open_to_all;

/// Where the bait lies, as the probe is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Bait {
    /// A file that everybody may read and write.
    pub(super) file: PathBuf,
    /// Somebody listens there.
    pub(super) address: SocketAddr,
}

/// The bait itself, taken away when this is dropped.
#[derive(Debug)]
pub(super) struct Trap {
    folder: TempDir,
    listener: SocketAddr,
    _open: TcpListener,
}

impl Trap {
    pub(super) fn lay() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let open = TcpListener::bind(("127.0.0.1", 0))?;
        let trap = Self { folder, listener: open.local_addr()?, _open: open };
        let file = trap.bait().file;
        fs::write(&file, "bait")?;
        open_to_all(&file)?;
        open_to_all(trap.folder.path())?;
        fs::create_dir(trap.scratch())?;
        Ok(trap)
    }

    pub(super) fn bait(&self) -> Bait {
        Bait { file: self.folder.path().join("bait"), address: self.listener }
    }

    /// An empty folder for the probe's own use.
    pub(super) fn scratch(&self) -> PathBuf {
        self.folder.path().join("scratch")
    }
}
