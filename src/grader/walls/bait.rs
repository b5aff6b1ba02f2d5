//! What the probe reaches for: things of this process that nobody behind the walls may touch.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// Where the bait lies, as the probe is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir()?;
        let open = TcpListener::bind(("127.0.0.1", 0))?;
        let trap = Self { folder, listener: open.local_addr()?, _open: open };
        let file = trap.bait().file;
        fs::write(&file, "bait")?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666))?;
        fs::set_permissions(trap.folder.path(), fs::Permissions::from_mode(0o755))?;
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
