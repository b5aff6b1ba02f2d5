//! Hidden tests of `one_bufreader`: lines and documents that follow each other, in any pieces; how much a read takes; and where the
//! connection ends.

use std::io::{self, ErrorKind};
use std::time::Duration;

use exercise::Jobs;
use testkit::{
    Effort, Incoming, IncomingProbe, WireEnd, counted, handed_on, in_words, panic_of, pick, side_by_side,
    stage, timed, vt,
};

/// Lines that arrive in one piece are returned one by one, and none is lost. An empty line is a line, and so are spaces.
#[test]
fn lines_that_arrive_together_come_one_by_one() {
    let lines = [title(), title(), String::new(), format!("  {}  ", title()), title()].map(Line);
    Talk::new(&lines, |bytes| Incoming::new(bytes)).check("Five lines arrived in one piece");

    let same = title();
    Talk::new(&[Line(same.clone()), Line(same.clone()), Line(same)], |bytes| Incoming::new(bytes))
        .check("Three equal lines arrived in one piece");

    let long = format!("{} {}", title(), "x".repeat(pick(20_000..=30_000) as usize));
    Talk::new(&[Line(title()), Line(long), Line(title())], |bytes| Incoming::new(bytes))
        .check("Three lines arrived in one piece, and one of them is long");

    let many: Vec<Item> = (0..900).map(|_| Line(title())).collect();
    Talk::new(&many, |bytes| Incoming::new(bytes)).check("900 lines arrived in one piece");
}

/// A document is the bytes that follow its line, and the next line follows the document.
#[test]
fn a_document_follows_its_line() {
    let talk = [Line(title()), document(40), Line(title()), document(0), document(3), Line(title())];
    Talk::new(&talk, |bytes| Incoming::new(bytes)).check("Lines and documents arrived in one piece");

    let talk = [Line(title()), document(100_000), Line(title()), document(9_000), Line(title())];
    Talk::new(&talk, |bytes| Incoming::new(bytes)).check("Lines and large documents arrived in one piece");
    Talk::new(&talk, |bytes| Incoming::new(bytes).pieces([1_000, 64, 5_000]))
        .check("Lines and large documents arrived in pieces");

    Talk::new(&[document(5), Line(title())], |bytes| Incoming::new(bytes)).check("A document came first");
}

/// Wherever the network cuts the bytes, the lines and the documents are the same.
#[test]
fn every_split_of_the_bytes_gives_the_same() {
    let talk = [
        Line(title()),
        Document(b"\n\xff\n".to_vec()),
        Line(String::new()),
        Line("Käse".to_owned()),
        document(12),
        Line(title()),
    ];
    let length = bytes_of(&talk).len();
    for first in 1..length {
        Talk::new(&talk, |bytes| Incoming::new(bytes).pieces([first, length]))
            .check(&format!("The bytes came in two pieces, of {first} and {} bytes", length - first));
    }
    for pieces in [vec![1], vec![7, 1], vec![64]] {
        let came = format!("The bytes came in pieces of {pieces:?} bytes");
        Talk::new(&talk, |bytes| Incoming::new(bytes).pieces(pieces)).check(&came);
    }
}

/// `line` reads 1 KiB at least, if that much has arrived.
#[test]
fn a_read_takes_what_has_arrived() {
    let lines: Vec<Item> = (0..400).map(|_| Line(title())).collect();
    let length = bytes_of(&lines).len();
    let mut talk = Talk::new(&lines, |bytes| Incoming::new(bytes));
    talk.check("400 lines arrived in one piece");
    let reads = talk.probe.reads();
    assert!(
        reads <= 2 * length.div_ceil(1024),
        "400 lines had arrived, {length} bytes, and `line` needed {reads} reads for them: one for {}. Each read is a system call, and takes \
         1 KiB at least, if that much has arrived.",
        counted(length / reads, "byte")
    );
}

/// Neither `line` nor `document` waits for bytes that it does not need, and both wait for those that they need.
#[test]
fn it_waits_for_nothing_that_it_does_not_need() {
    let talk = [Line(title()), document(20), Line(title()), document(0)];
    for needed in 1..=talk.len() {
        let said = format!("The connection stays open, and nothing follows after what call {needed} needs");
        Talk::new(&talk[..needed], |bytes| Incoming::new(bytes).then(WireEnd::Silent)).check(&said);
    }

    for pause in [pick(2..=9), pick(MONTH..=MONTH + DAY)].map(Duration::from_millis) {
        let said =
            format!("The bytes come in pieces of 5, with a pause of {} in front of each", in_words(pause));
        let due = pause * u32::try_from(bytes_of(&talk).len().div_ceil(5)).expect("a few");
        let (_, took) = vt(async {
            let mut talk = Talk::new(&talk, |bytes| {
                Incoming::new(bytes).pieces([5]).pauses([pause]).then(WireEnd::Silent)
            });
            talk.follow(&said).await;
        });
        assert!(
            took <= due + Duration::from_millis(20),
            "{said}. All of them were there after {}, and the last call returned after {}.",
            in_words(due),
            in_words(took)
        );
    }
}

/// What one connection has read ahead is not for another one.
#[test]
fn two_connections_have_nothing_in_common() {
    let talks = [
        vec![Line(title()), Line(title()), document(30), Line(title())],
        vec![Line(title()), document(20), Line(title()), Line(title())],
    ];
    let mut both = [0, 1].map(|n| Talk::new(&talks[n], |bytes| Incoming::new(bytes)));
    let others = [1, 0].map(|n| bytes_of(&talks[n]));
    vt(async {
        for _ in 0..4 {
            for (n, other) in others.iter().enumerate() {
                let step = both[n].step().await;
                if let Err(text) = step {
                    let foreign = both[n].last.as_ref().is_some_and(|found| {
                        found.len() > 3 && other.windows(found.len()).any(|bytes| bytes == found)
                    });
                    assert!(
                        !foreign,
                        "Two connections were read in turns, and connection {} gave out bytes of the other connection.",
                        n + 1
                    );
                    panic!("Two connections were read in turns. {text}");
                }
            }
        }
    });

    stage("two connections, one of them slow");
    let line = title();
    let bytes = format!("{line}\n");
    let (mut late, _) = open(Incoming::new(&bytes).pauses([Duration::from_secs(3600)]));
    let (mut early, _) = open(Incoming::new(&bytes).pauses([Duration::from_millis(5)]));
    let run = panic_of(|| vt(side_by_side("`line`", POLLS, late.line(), early.line())).0);
    let (late, early) = run.unwrap_or_else(|text| panic!("{text}"));
    for found in [late, early] {
        let found = found.map_err(|error| error.kind());
        assert!(
            found == Ok(Some(line.clone())),
            "Two connections were read at the same time. One had {line:?}, and `line` returned {found:?}."
        );
    }

    stage("two documents, one of them slow");
    let (mut late, _) = open(Incoming::new("abcdef").pauses([Duration::from_secs(3600)]));
    let (mut early, _) = open(Incoming::new("abcdef").pauses([Duration::from_millis(5)]));
    let run = panic_of(|| vt(side_by_side("`document`", POLLS, late.document(6), early.document(6))).0);
    let (late, early) = run.unwrap_or_else(|text| panic!("{text}"));
    let found = [late, early].map(|found| found.map_err(|error| error.kind()));
    assert!(
        found.iter().all(|found| *found == Ok(b"abcdef".to_vec())),
        "Two connections were read at the same time. Each had the document abcdef, and `document` returned {found:?}."
    );
}

/// At the end of the connection, `line` returns what is there of a line, and then `None`. A document has to be complete.
#[test]
fn the_connection_ends() {
    for last in ["x".to_owned(), title(), "ä".to_owned()] {
        let said = format!("The connection ended after {last:?}, without a `\\n`");
        let (mut jobs, probe) = open(Incoming::new(format!("{}\n{last}", title())).pieces([4]));
        for call in 0..2 {
            let line = call_line(&mut jobs);
            if call == 1 {
                assert!(
                    matches!(&line, Ok(Ok(Some(line))) if *line == last),
                    "{said}. The last call of `line` returned {}. What is there of the last line is a line, too.",
                    told(&line)
                );
            }
        }
        ended(&mut jobs, &probe, &said);
    }
    let (mut jobs, probe) = open(Incoming::new(""));
    ended(&mut jobs, &probe, "The connection ended without a single byte");

    for there in [0, 1, 9, 5_000] {
        let length = there + pick(1..=20) as usize;
        let said = format!("The connection ended after {there} of the {length} bytes of a document");
        let Document(document) = document(there) else { unreachable!() };
        let (mut jobs, probe) = open(Incoming::new([b"title\n", &document[..]].concat()).pieces([64]));
        let _ = call_line(&mut jobs);
        let found = vt(timed("`document`", POLLS, jobs.document(length))).0.map(|call| call.output);
        let found = found.unwrap_or_else(|text| panic!("{said}. {text}"));
        match found {
            Err(error) => assert!(
                error.kind() == ErrorKind::UnexpectedEof,
                "{said}, and `document` returned an error of the kind {:?}. It should be `UnexpectedEof`.",
                error.kind()
            ),
            Ok(found) => panic!(
                "{said}, and `document` returned {} as if they were the document.",
                counted(found.len(), "byte")
            ),
        }
        not_after_the_end(&probe, &said);
    }
}

/// An error of the connection comes out of the call that meets it.
#[test]
fn errors_are_passed_on() {
    for (there, kind) in [0, 3, 100].into_iter().flat_map(|there| KINDS.map(|kind| (there, kind))) {
        let bytes = vec![b'x'; there];
        let failed = format!("The connection failed with {kind:?} after {} of a", counted(there, "byte"));
        let (mut jobs, _) = open(Incoming::new(&bytes).pieces([64]).then(WireEnd::Fails(kind)));
        let line = call_line(&mut jobs);
        assert!(
            matches!(&line, Ok(Err(error)) if error.kind() == kind),
            "{failed} line, and `line` returned {}. It should be the error: nobody knows what is missing.",
            told(&line)
        );

        let (mut jobs, _) = open(Incoming::new(&bytes).pieces([64]).then(WireEnd::Fails(kind)));
        let document = vt(timed("`document`", POLLS, jobs.document(there + 1))).0.map(|call| call.output);
        assert!(
            matches!(&document, Ok(Err(error)) if error.kind() == kind),
            "{failed} document, and `document` returned {}. It should be the error.",
            told(&document.map(|found| found.map(|bytes| Some(format!("{} bytes", bytes.len())))))
        );
    }
}

/// Neither `line` nor `document` puts the thread to sleep: other connections need it.
#[test]
fn no_call_blocks_the_thread() {
    let items: Vec<Item> = (0..30).flat_map(|_| [Line(title()), document(20)]).collect();
    let before = Effort::of_this_thread();
    Talk::new(&items, |bytes| Incoming::new(bytes).pieces([10]))
        .check("30 lines and documents came in pieces");
    let naps = before.and_then(|before| Some(Effort::of_this_thread()?.since(before).naps)).unwrap_or(0);
    assert!(
        naps < NAPS,
        "30 lines and 30 documents came without a pause, and the thread was put to sleep {naps} times. Async code waits with `.await`, and \
         leaves the thread to others."
    );
}

/// A call may be polled by one task and then by another.
#[test]
fn another_task_may_go_on() {
    let line = title();
    let pauses = [Duration::from_millis(pick(20..=30))];
    // The second piece has the end of the line, and two bytes of the document.
    let pieces = [4, line.len() - 1, 64];
    let (mut jobs, _) = open(Incoming::new(format!("{line}\nabcdef")).pieces(pieces).pauses(pauses));
    stage("another task goes on with a call");
    let run = panic_of(|| {
        vt(async {
            let line = handed_on("`line`", POLLS, jobs.line()).await;
            (line, handed_on("`document`", POLLS, jobs.document(6)).await)
        })
        .0
    });
    let (found, document) = run.unwrap_or_else(|text| panic!("{text}"));
    let (found, document) = (found.map_err(|error| error.kind()), document.map_err(|error| error.kind()));
    assert!(
        found == Ok(Some(line)) && document == Ok(b"abcdef".to_vec()),
        "Another task went on with `line` and `document`, which returned {found:?} and {document:?}."
    );
}

/// Many more than a call needs whose bytes come one by one.
const POLLS: usize = 5_000;
const KINDS: [ErrorKind; 4] =
    [ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::BrokenPipe, ErrorKind::Other];
/// A thread that has nothing to wait for lies down now and then at most: for a page of memory, say.
const NAPS: u64 = 30;
/// In milliseconds.
const DAY: u64 = 24 * 3_600_000;
/// All the pauses of a test are less than the 700 days after which a call is taken to be stuck.
const MONTH: u64 = 30 * DAY;

/// What a computer sends.
#[derive(Clone)]
enum Item {
    Line(String),
    Document(Vec<u8>),
}
use Item::{Document, Line};

fn title() -> String {
    format!("Invoice {}", pick(100_000..=999_999))
}

/// Any bytes, some of which look like the end of a line or are no text.
fn document(length: usize) -> Item {
    let start = pick(0..=255) as usize;
    Document((0..length).map(|n| [b'\n', 0xff, 0, b'a', (start + n) as u8][(start + n) % 5]).collect())
}

fn bytes_of(items: &[Item]) -> Vec<u8> {
    items.iter().flat_map(Item::bytes).collect()
}

impl Item {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Line(line) => format!("{line}\n").into_bytes(),
            Document(bytes) => bytes.clone(),
        }
    }
}

/// A connection over which items come, and what has been returned of them.
struct Talk {
    items: Vec<Item>,
    next: usize,
    /// How many bytes the items had that were returned.
    used: usize,
    jobs: Jobs<Incoming>,
    probe: IncomingProbe,
    /// What the latest call returned.
    last: Option<Vec<u8>>,
}

impl Talk {
    fn new(items: &[Item], incoming: impl FnOnce(Vec<u8>) -> Incoming) -> Self {
        let (jobs, probe) = open(incoming(bytes_of(items)));
        Self { items: items.to_vec(), next: 0, used: 0, jobs, probe, last: None }
    }

    fn check(&mut self, said: &str) {
        stage(said);
        let ((), took) = vt(self.follow(said));
        assert!(
            took.is_zero(),
            "{said}, without a pause, and the calls took {}. What is due happens at once.",
            in_words(took)
        );
    }

    async fn follow(&mut self, said: &str) {
        while self.next < self.items.len() {
            if let Err(text) = self.step().await {
                panic!("{said}. {text}");
            }
        }
    }

    /// The next item is returned as it was sent; if not, a text that says how it was.
    async fn step(&mut self) -> Result<(), String> {
        let item = self.items[self.next].clone();
        self.next += 1;
        let n = self.next;
        let (name, call) = match &item {
            Line(_) => {
                let call = timed("`line`", POLLS, self.jobs.line()).await;
                let output = call.map(|call| call.output.map(|line| line.map(String::into_bytes)));
                ("line", output)
            }
            Document(bytes) => {
                let call = timed("`document`", POLLS, self.jobs.document(bytes.len())).await;
                ("document", call.map(|call| call.output.map(Some)))
            }
        };
        let (wanted, expected) = match &item {
            Line(line) => (format!("Call {n} was for the line {:?}", short(line)), line.as_bytes()),
            Document(bytes) => {
                (format!("Call {n} was for a document of {}", counted(bytes.len(), "byte")), &bytes[..])
            }
        };
        let ahead = self.probe.taken().saturating_sub(self.used);
        let gone = format!(
            "The connection had handed out {} bytes, and the calls before had returned {} of them: the other {ahead} are gone. What has \
             been read ahead belongs to the next call.",
            self.probe.taken(),
            self.used
        );
        let missing = ahead >= item.bytes().len() && ahead > 0;
        let found = match call {
            Ok(Ok(Some(found))) => found,
            // It was no end if the line behind it still comes.
            Ok(Ok(None))
                if expected.is_empty() && matches!(call_on(&mut self.jobs).await, Ok(Ok(Some(_)))) =>
            {
                return Err(format!(
                    "{wanted}, an empty line, and `line` returned `None`. An empty line is not the end."
                ));
            }
            Ok(Ok(None)) if missing => return Err(format!("{wanted}, and `line` returned `None`. {gone}")),
            Ok(Err(error)) if missing => {
                return Err(format!("{wanted}, and `{name}` returned the error {:?}. {gone}", error.kind()));
            }
            Ok(Ok(None)) => return Err(format!("{wanted}, and `line` returned `None`.")),
            Ok(Err(error)) => {
                return Err(format!(
                    "{wanted}, and `{name}` returned the error {:?}. The connection has not failed, and it has not ended.",
                    error.kind()
                ));
            }
            Err(text) if text.contains("again and again") => {
                return Err(format!("{wanted}. {}", text.replace(TIMER, CONNECTION)));
            }
            Err(text) if text.contains("never comes") && (missing || item.bytes().is_empty()) => {
                return Err(format!(
                    "{wanted}, and {text} The connection has handed out {} bytes, and the calls before have returned {} of them. This call \
                     needs {} more, so it waits for bytes that it does not need.",
                    self.probe.taken(),
                    self.used,
                    item.bytes().len()
                ));
            }
            Err(text) => return Err(format!("{wanted}. {text}")),
        };
        self.last = Some(found.clone());
        if found != expected {
            return Err(format!("{wanted}, {}", self.another(&item, &found)));
        }
        self.used += item.bytes().len();
        Ok(())
    }

    /// How what a call returned differs from what was sent.
    fn another(&self, item: &Item, found: &[u8]) -> String {
        let returned = counted(found.len(), "byte");
        match item {
            Line(line) => {
                let found = String::from_utf8_lossy(found);
                let later = |item: &Item| matches!(item, Line(line) if !line.is_empty() && *line == found);
                if found == line.trim() {
                    format!("and `line` returned {found:?}. The spaces belong to the line.")
                } else if self.items[self.next..].iter().any(later) {
                    format!(
                        "and `line` returned {:?}, which came after it. What was between the two is gone. What has been read ahead belongs \
                         to the next call.",
                        short(&found)
                    )
                } else {
                    format!(
                        "of {}, and `line` returned {:?}, of {returned}.",
                        counted(line.len(), "byte"),
                        short(&found)
                    )
                }
            }
            Document(bytes) if found.len() == bytes.len() => format!(
                "and `document` returned as many, which are not those of the document: {} are right, and then come others.",
                found.iter().zip(bytes).take_while(|(a, b)| a == b).count()
            ),
            Document(_) => {
                format!("and `document` returned {returned}, which are not those of the document.")
            }
        }
    }
}

type Found = Result<io::Result<Option<String>>, String>;

fn open(incoming: Incoming) -> (Jobs<Incoming>, IncomingProbe) {
    let probe = incoming.probe();
    (Jobs::new(incoming), probe)
}

fn call_line(jobs: &mut Jobs<Incoming>) -> Found {
    vt(call_on(jobs)).0
}

async fn call_on(jobs: &mut Jobs<Incoming>) -> Found {
    timed("`line`", POLLS, jobs.line()).await.map(|call| call.output)
}

/// What a call returned, as a part of a sentence.
fn told(found: &Found) -> String {
    match found {
        Ok(Ok(found)) => format!("Ok({found:?})"),
        Ok(Err(error)) => format!("an error of the kind {:?}", error.kind()),
        Err(text) => format!("nothing: {text}"),
    }
}

/// From now on, every line is `None`.
fn ended(jobs: &mut Jobs<Incoming>, probe: &IncomingProbe, said: &str) {
    for _ in 0..2 {
        let line = call_line(jobs);
        assert!(
            matches!(&line, Ok(Ok(None))),
            "{said}, and nothing is left. `line` returned {}, and not `None`.",
            told(&line)
        );
    }
    not_after_the_end(probe, said);
}

fn not_after_the_end(probe: &IncomingProbe, said: &str) {
    assert!(
        probe.ends() <= 6,
        "{said}. The connection had said {} times that it had ended, and was read again. After the end, nothing comes.",
        probe.ends()
    );
}

/// What a test says of naps, and what it should say where nobody waits for a timer.
const TIMER: &str = "A timer wakes a task once, at its deadline.";
const CONNECTION: &str = "A read that finds nothing waits, and the connection wakes the task.";

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}
