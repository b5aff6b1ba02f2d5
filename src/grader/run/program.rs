//! The learner's program, run on behalf of a hidden test.
//!
//! A test asks for it over its socket and gets the result there. So the test's own process, in which the learner's
//! code runs as well, never needs the right to start another one.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use super::child::{bounds, child, enclosure};
use super::escape::unescape;
use crate::grader::bench::Grading;
use crate::grader::bench::layout::{PROGRAM, SUBMISSION};
use crate::grader::child::process::{self, Ended, Spec, Stream};
use crate::grader::child::proof::Company;
use crate::grader::store::scratch::Scratch;
use crate::system::compiler::executable;
use crate::system::pipe::Channel;
use crate::verdict::Broken;

/// How a test wants the program run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    args: Vec<String>,
    env: Vec<(String, String)>,
}

/// Bytes of each output that are handed to the test; the rest is read and thrown away.
const KEPT: usize = 1 << 20;

impl Request {
    /// Reads `<number of arguments>\t<argument>…\t<name>\t<value>…`. It comes with the key, so testkit wrote it.
    pub(super) fn read(text: &str) -> Self {
        let mut fields = text.split('\t');
        let count = fields.next().and_then(|count| count.parse().ok()).unwrap_or(0);
        let args = fields.by_ref().take(count).map(unescape).collect();
        let rest: Vec<String> = fields.map(unescape).collect();
        let env = rest.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect();
        Self { args, env }
    }
}

/// Runs the program, then sends what came of it: `<exit code, or nothing>\t<output>\t<errors>`.
pub(super) async fn serve(
    grading: &Grading<'_>,
    slot: &Path,
    company: &Arc<Company>,
    request: Request,
    socket: &mut Channel,
) -> Result<(), Broken> {
    let folder = Scratch::new(slot)?;
    let binary = slot.join(SUBMISSION).join(executable(PROGRAM));
    // It says nothing, so it runs from the start.
    let bounds = bounds(grading, company);
    bounds.phase.begin();
    let mut spec = Spec { merged: false, ..child(grading, &binary, folder.path(), bounds) };
    spec.args.extend(request.args.into_iter().map(OsString::from));
    spec.env.extend(request.env.into_iter().map(|(name, value)| (name.into(), value.into())));
    if let Some(walls) = enclosure(grading, &binary, folder.path()) {
        spec = walls.enclose(spec);
    }
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = process::run(spec, &mut |stream, bytes| {
        let kept: &mut Vec<u8> = match stream {
            Stream::Out => &mut out,
            Stream::Err => &mut err,
        };
        let room = KEPT.saturating_sub(kept.len());
        kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
    })
    .await;
    let code = match outcome.map(|outcome| outcome.end) {
        Ok(Ended::Exited(code)) => code.to_string(),
        Ok(Ended::Signalled(_) | Ended::TimedOut(_) | Ended::Hung(_) | Ended::Waited) => String::new(),
        Err(error) => {
            return Err(Broken {
                problem: format!("failed to {error}"),
                remedy: "free some memory or close other programs, then try again".to_owned(),
            });
        }
    };
    let escape = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
    };
    let reply = format!("{code}\t{}\t{}\n", escape(&out), escape(&err));
    // A test that has stopped listening has its own end coming.
    let _ = socket.write_all(reply.as_bytes()).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_holds_arguments_and_variables_of_any_text() {
        let request = Request::read("2\ta\\tb\tc\nd\tNAME\tx=\\\\y");
        assert_eq!(request.args, ["a\tb", "c\nd"]);
        assert_eq!(request.env, [("NAME".to_owned(), "x=\\y".to_owned())]);
        assert_eq!(Request::read("0"), Request { args: Vec::new(), env: Vec::new() });
    }
}
