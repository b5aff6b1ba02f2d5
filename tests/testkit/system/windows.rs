//! The channel is a named pipe that the grader has opened for this process alone.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::windows::io::AsHandle as _;

/// Standard input, which both reads and writes. The system does one at a time: a frame waits as long as a read does.
pub(crate) struct Channel(File);

impl Channel {
    pub(crate) fn open() -> io::Result<Self> {
        Ok(Self(File::from(io::stdin().as_handle().try_clone_to_owned()?)))
    }

    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// Waits from now on when there is no room: it always does.
    pub(crate) fn wait_for_room(&self) {}
}

impl Read for Channel {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Channel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        // It would wait until the grader has read all.
        Ok(())
    }
}
