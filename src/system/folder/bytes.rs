//! What a file holds.

use std::fs::File;
use std::io::Read;

use super::Refusal;

/// The bytes of an open file, unless it has more than so many.
pub(super) fn read_all(file: File, most: u64) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    match file.take(most + 1).read_to_end(&mut bytes) {
        Ok(length) if length as u64 > most => {
            Err(Refusal::Odd(format!("is larger than {most} bytes, so it cannot be an answer")))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Refusal::Odd(format!("cannot be read: {error}"))),
    }
}
