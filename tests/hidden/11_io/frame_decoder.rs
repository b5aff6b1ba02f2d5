//! Hidden tests of `frame_decoder`: reports cut at every byte, reports of any size, lengths that lie, and ends in the middle.

use bytes::{Bytes, BytesMut};
use exercise::{MAX, Reports};
use futures::StreamExt;
use testkit::{Incoming, allocations, check_eq, counted, panic_of, pick, stage, vt};
use tokio_util::codec::{Decoder, FramedRead};

/// Three reports arrive in two or three pieces, cut at every byte. Each comes out as soon as its last byte is there.
#[test]
fn reports_come_out_however_they_are_cut() {
    // With small bytes, as everywhere but in some lists below: a decoder that takes them for a length and makes room for it asks
    // for 50 MB, and not for more than there is.
    let bodies = [pick(9..=12), pick(5..=8), pick(1..=4)].map(|length| small(as_usize(length)));
    let bytes = wire(&bodies);
    for cut in 0..=bytes.len() {
        receive(&bodies, &bytes, &[cut, bytes.len() - cut]);
    }
    for first in 0..=bytes.len() {
        for second in first..=bytes.len() {
            receive(&bodies, &bytes, &[first, second - first, bytes.len() - second]);
        }
    }
}

/// Reports of any size and with any bytes: none, equal ones, hundreds at once, and the longest that is allowed.
#[test]
fn every_report_counts() {
    check_eq!(
        MAX,
        64 * 1024,
        "A report has at most 65536 bytes. Changing `MAX` does not make the meters send less."
    );
    let longest = vec![2; MAX];
    let equal = small(5);
    let lists = [
        ("some reports", vec![small(5), small(7)]),
        ("an empty report between two others", vec![small(3), Vec::new(), small(2)]),
        ("nothing but empty reports", vec![Vec::new(); 3]),
        ("equal reports", vec![equal.clone(), equal.clone(), equal]),
        (
            "reports with bytes that are no text",
            vec![vec![0xff; 4], vec![0; 9], vec![0xc3, 0x28, 0x80], any(40)],
        ),
        ("hundreds of reports", (0..as_usize(pick(300..=400))).map(|number| small(number % 9)).collect()),
        ("the longest report between two others", vec![small(7), longest, small(1)]),
        ("reports of hundreds of bytes", vec![small(as_usize(pick(700..=900))), small(256), small(255)]),
    ];
    for (what, bodies) in lists {
        stage(what);
        let bytes = wire(&bodies);
        receive(&bodies, &bytes, &[bytes.len()]);
        let pieces = if bytes.len() > MAX { vec![4, 1, 1000, 1] } else { vec![1] };
        receive(&bodies, &bytes, &pieces);
    }
    receive(&[], &[], &[0]);
}

/// A length above the limit is an error as soon as its four bytes are there. No memory is set aside, and no report is awaited. The
/// reports before it come out.
#[test]
fn a_length_beyond_the_limit_is_refused() {
    // The first one is large enough to be seen, and small enough for any machine.
    let lengths = [pick(16_000_000..=24_000_000), MAX as u64 + 1, pick(70_000..=90_000), u64::from(u32::MAX)];
    for length in lengths.map(|length| u32::try_from(length).expect("it was picked small enough")) {
        stage(format!("a report of {length} bytes is announced"));
        let good = [small(6), Vec::new(), small(2)];
        let before = wire(&good);
        for (first, more) in
            [(before.len(), 4), (before.len(), 1), (before.len() + 2, 2), (before.len() + 4, 0)]
        {
            let bytes = [&before[..], &length.to_be_bytes()].concat();
            let (first, rest) = bytes.split_at(first);
            let mut line = Line::new();
            let (mut given, mut refused) = (Vec::new(), None);
            let ((), made) = allocations(|| {
                for piece in std::iter::once(first).chain(rest.chunks(more.max(1))) {
                    let fed = line.feed(piece);
                    given.extend(fed.reports);
                    if let Some(end) = fed.end {
                        refused = Some((end, fed.failed));
                        return;
                    }
                }
            });
            check_refusal(length, &good, &given, &refused, bytes.len() - line.come.len());
            assert!(
                length < 1_000_000 || made.peak < 1_000_000,
                "A report of {length} bytes was announced, and `decode` asked for {} bytes of memory. A length is only what the \
                 other end says: compare it with `MAX` before you make room for it.",
                made.peak
            );
            assert!(
                refused.is_some(),
                "A report of {length} bytes was announced, {MAX} are allowed, and `decode` returned `Ok(None)`, as \
                 if a part of it were missing. A length that is too large is an error as soon as its 4 bytes are there."
            );
        }
    }
}

/// Two connections at the same time, whose bytes come in turns.
#[test]
fn each_connection_has_its_own_decoder() {
    let lists = [small(7), small(4)].map(|first| vec![first, small(3), Vec::new()]);
    let bytes = [wire(&lists[0]), wire(&lists[1])];
    // Each of them alone.
    for (list, bytes) in lists.iter().zip(&bytes) {
        receive(list, bytes, &[1]);
    }
    let mut lines = [Line::new(), Line::new()];
    let mut given = [Vec::new(), Vec::new()];
    for place in 0..bytes[0].len().max(bytes[1].len()) {
        for (number, line) in lines.iter_mut().enumerate() {
            if let Some(byte) = bytes[number].get(place) {
                let fed = line.feed(&[*byte]);
                given[number].extend(fed.reports);
                if let Some(end) = fed.end {
                    panic!(
                        "Two connections were open, each with a `Reports` of its own, and their bytes came in turns. On one of them \
                         `decode` {end}. What a decoder remembers belongs to its connection, in a field."
                    );
                }
            }
        }
    }
    for (given, list) in given.iter().zip(&lists) {
        assert!(
            given.iter().eq(list.iter()),
            "Two connections were open, each with a `Reports` of its own, and their bytes came in turns. On one of them {} arrived, \
             and these came out: {}. What a decoder remembers belongs to its connection, in a field.",
            shown(list),
            shown(given)
        );
    }
}

/// The connection ends after every byte. After a report that is a good end; inside of one it is an error.
#[test]
fn an_end_within_a_report_is_an_error() {
    let bodies = [small(as_usize(pick(6..=9))), Vec::new(), small(as_usize(pick(1..=5)))];
    let bytes = wire(&bodies);
    for pieces in [bytes.len(), 1, 4] {
        for length in 0..=bytes.len() {
            stage(format!("the connection ends after {length} of {} bytes", bytes.len()));
            check_end(&bodies, &bytes[..length], pieces);
        }
    }
}

/// A connection, as `FramedRead` treats one: bytes go to the end of a buffer, and `decode` is called until it has nothing more.
struct Line {
    decoder: Reports,
    buffer: BytesMut,
    /// All bytes that have come.
    come: Vec<u8>,
    /// How many of them belong to reports that came out.
    out: usize,
}

/// What came of a piece.
struct Fed {
    reports: Vec<Bytes>,
    /// How `decode` ended, if not with `Ok(None)`: as the end of a sentence.
    end: Option<String>,
    failed: bool,
    /// After `Ok(None)`: what `decode` has done with bytes that belong to no report so far, as a part of a sentence.
    done: Option<String>,
}

impl Line {
    fn new() -> Self {
        Self { decoder: Reports::default(), buffer: BytesMut::new(), come: Vec::new(), out: 0 }
    }

    fn feed(&mut self, piece: &[u8]) -> Fed {
        self.buffer.extend_from_slice(piece);
        self.come.extend(piece);
        let mut fed = Fed { reports: Vec::new(), end: None, failed: false, done: None };
        loop {
            if fed.reports.len() > self.come.len() / 4 {
                fed.end = Some(format!(
                    "returned {} although only {} had come. `decode` is called again until it returns `Ok(None)`, and a report \
                     that it returns must be taken out of the buffer",
                    counted(fed.reports.len(), "report"),
                    counted(self.come.len(), "byte")
                ));
                return fed;
            }
            match panic_of(|| self.decoder.decode(&mut self.buffer)) {
                Ok(Ok(Some(report))) => {
                    self.out += 4 + report.len();
                    fed.reports.push(report);
                }
                Ok(Ok(None)) => {
                    let left = &self.buffer[..];
                    let gone = self.come.len().saturating_sub(self.out).saturating_sub(left.len());
                    fed.done = if !self.come.ends_with(left) {
                        Some("had changed the bytes in the buffer".to_owned())
                    } else {
                        (gone > 0).then(|| format!("had taken {} out of the buffer", counted(gone, "byte")))
                    };
                    return fed;
                }
                Ok(Err(error)) => {
                    fed.failed = true;
                    fed.end = Some(format!("returned an error: {error}"));
                    return fed;
                }
                Err(text) => {
                    fed.end = Some(format!("panicked: {text}"));
                    return fed;
                }
            }
        }
    }
}

/// Lets these bytes arrive in pieces of these sizes, repeated as often as it takes, and checks what comes out after each.
fn receive(bodies: &[Vec<u8>], bytes: &[u8], sizes: &[usize]) {
    let mut line = Line::new();
    let mut rest = bytes;
    let mut given: Vec<Bytes> = Vec::new();
    // How many bytes had come when `decode` first took something out and returned `Ok(None)`.
    let mut done = None;
    for size in sizes.iter().cycle() {
        let (piece, more) = rest.split_at((*size).min(rest.len()));
        rest = more;
        let fed = line.feed(piece);
        given.extend(fed.reports);
        let come = line.come.len();
        let due = complete(bodies, come);
        let right = given.iter().eq(bodies[..due].iter());
        if !right || fed.end.is_some() {
            let case = Case { bodies, sizes, come, given: &given, due, done };
            case.explain(fed.end.as_deref());
        }
        if let Some(what) = fed.done {
            done.get_or_insert((come, what));
        }
        if rest.is_empty() {
            return;
        }
    }
}

struct Case<'a> {
    bodies: &'a [Vec<u8>],
    sizes: &'a [usize],
    come: usize,
    given: &'a [Bytes],
    due: usize,
    done: Option<(usize, String)>,
}

impl Case<'_> {
    fn explain(&self, end: Option<&str>) -> ! {
        let Self { bodies, come, given, due, .. } = *self;
        let total: usize = bodies.iter().map(|body| 4 + body.len()).sum();
        let arrived =
            format!("{} ({total} bytes) arrived {}", counted(bodies.len(), "report"), self.pieces());
        let there = format!("{arrived}. With {} there", counted(come, "byte"));
        let cause = self.done.as_ref().map(|(then, what)| {
            format!(
                "Before that, with {} there, `decode` returned `Ok(None)` and {what}. The next call finds only what this one leaves, \
                 unless `Reports` remembers the rest.",
                counted(*then, "byte")
            )
        });
        if let Some(end) = end {
            let end = end.trim_end_matches('.');
            if end.contains("although only") {
                panic!("{there}, `decode` {end}.");
            }
            let rule = match bodies.get(given.len()).filter(|_| given.len() < due) {
                Some(body) => format!(
                    "Report {} is complete and good: it has {}, and up to {MAX} are allowed.",
                    given.len() + 1,
                    counted(body.len(), "byte")
                ),
                None => "As long as a report is not complete, `decode` returns `Ok(None)`.".to_owned(),
            };
            panic!("{there}, `decode` {end}. {}", cause.unwrap_or(rule));
        }
        let Some(place) = given.iter().zip(bodies).position(|(given, body)| given != body) else {
            let had =
                format!("{there}, {} should have come out, and {} did.", counted(due, "report"), given.len());
            if given.len() > due {
                panic!("{had} A report comes out when its last byte is there.");
            }
            let rule = "A report comes out as soon as its last byte is there, and the bytes after it stay in the buffer for the next call.";
            panic!("{had} {}", cause.as_deref().unwrap_or(rule));
        };
        let (found, body, number) = (&given[place], &bodies[place], place + 1);
        let report = format!("{arrived}. Report {number} has {}", counted(body.len(), "byte"));
        let found_shown = bytes_shown(found);
        if let Some(cause) = cause {
            panic!("{report} and came out as {found_shown}. {cause}");
        }
        if found.len() == body.len() + 4 && found.ends_with(body) {
            panic!(
                "{report} and came out with its length in front: {found_shown}. The length is not a part of the report."
            );
        }
        if found.len() > body.len() && found.starts_with(body) {
            panic!(
                "{report} and came out with {}: the bytes after it were taken along. They belong to the next report.",
                found.len()
            );
        }
        if found.len() < body.len() && body.starts_with(found) {
            panic!(
                "{report} and came out with {}. A report comes out whole, when its last byte is there.",
                found.len()
            );
        }
        panic!("{report}. It should be {} and came out as {found_shown}.", bytes_shown(body));
    }

    fn pieces(&self) -> String {
        match self.sizes {
            [_] if self.sizes[0] != 1 => "in one piece".to_owned(),
            [1] => "byte by byte".to_owned(),
            [first, second] => format!("in two pieces, of {first} and {}", counted(*second, "byte")),
            [first, second, third] => {
                format!("in three pieces, of {first}, {second} and {}", counted(*third, "byte"))
            }
            _ => "in many pieces".to_owned(),
        }
    }
}

/// What comes of a length that is too large: the good reports before it, and then nothing but an error, and that not too early.
fn check_refusal(
    length: u32,
    good: &[Vec<u8>],
    given: &[Bytes],
    refused: &Option<(String, bool)>,
    missing: usize,
) {
    let announced =
        format!("{} arrived, and then the length of one with {length} bytes", counted(good.len(), "report"));
    if let Some(report) = given.get(good.len()) {
        panic!(
            "{announced}. {MAX} are allowed, and a report of {} came out. A length that is too large is an error.",
            counted(report.len(), "byte")
        );
    }
    if let Some((end, failed)) = refused {
        assert!(
            *failed && missing == 0,
            "{announced}. With {} of the 4 bytes of this length there, `decode` {end}.",
            4usize.saturating_sub(missing)
        );
    }
    assert!(
        given.iter().eq(good.iter()),
        "{announced}. {} of the {} before it came out. What is complete comes out, and then comes the error.",
        given.len(),
        good.len()
    );
}

/// Reads these bytes and then the end, through `FramedRead`.
fn check_end(bodies: &[Vec<u8>], bytes: &[u8], piece: usize) {
    let connection = Incoming::new(bytes).pieces([piece]);
    let (ended, _) = vt(async {
        let mut reports = FramedRead::new(connection, Reports::default());
        let mut given = Vec::new();
        loop {
            match reports.next().await {
                Some(Ok(report)) if given.len() <= bodies.len() => given.push(report),
                Some(Ok(_)) => return (given, None),
                Some(Err(error)) => return (given, Some(Err(error.to_string()))),
                None => return (given, Some(Ok(()))),
            }
        }
    });
    let (given, end) = ended;
    let due = complete(bodies, bytes.len());
    let mut within = bytes.len() - bodies[..due].iter().map(|body| 4 + body.len()).sum::<usize>();
    let place = match within {
        0 if due == 0 => "before the first report".to_owned(),
        0 => format!("after report {due}"),
        1..=3 => format!("inside of a length: {within} of its 4 bytes had come"),
        4 => format!(
            "after the length of report {}, which was to have {}",
            due + 1,
            counted(bodies[due].len(), "byte")
        ),
        _ => {
            within -= 4;
            format!(
                "inside of report {}: {within} of its {} had come",
                due + 1,
                counted(bodies[due].len(), "byte")
            )
        }
    };
    let come = counted(bytes.len(), "byte");
    assert!(
        given.iter().eq(bodies[..due].iter()),
        "The connection ended after {come}, {place}. {} complete, and these came out: {}.",
        match due {
            0 => "No report was".to_owned(),
            1 => "1 report was".to_owned(),
            _ => format!("{due} reports were"),
        },
        shown(&given)
    );
    match end {
        Some(Ok(())) => assert!(
            within == 0,
            "The connection ended after {come}, {place}. That looked like a good end: `next` returned `None` and no error. At the end, \
             `FramedRead` calls `decode_eof`, which has to know whether a report has begun.",
        ),
        Some(Err(error)) => assert!(
            within != 0,
            "The connection ended after {come}, {place}. That is a good end, and `next` returned an error: {error}"
        ),
        None => panic!("The connection ended after {come}, {place}, and still more reports came out."),
    }
}

/// How many of these reports are complete when so many bytes have come.
fn complete(bodies: &[Vec<u8>], come: usize) -> usize {
    let ends = bodies.iter().scan(0, |end, body| {
        *end += 4 + body.len();
        Some(*end)
    });
    ends.take_while(|end| *end <= come).count()
}

fn wire(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for body in bodies {
        bytes.extend(u32::try_from(body.len()).expect("no report is that long").to_be_bytes());
        bytes.extend(body);
    }
    bytes
}

/// A few reports, as a part of a sentence.
fn shown<B: AsRef<[u8]>>(reports: &[B]) -> String {
    let reports: Vec<_> = reports.iter().map(|report| bytes_shown(report.as_ref())).collect();
    match reports.len() {
        0 => "none".to_owned(),
        1..=4 => reports.join(", "),
        count => format!("{}, … ({count} reports)", reports[..3].join(", ")),
    }
}

fn bytes_shown(bytes: &[u8]) -> String {
    if bytes.len() <= 16 {
        format!("{bytes:?}")
    } else {
        format!("[{}, {}, …] with {} bytes", bytes[0], bytes[1], bytes.len())
    }
}

fn any(length: usize) -> Vec<u8> {
    (0..length).map(|_| byte()).collect()
}

fn small(length: usize) -> Vec<u8> {
    (0..length).map(|_| u8::try_from(pick(1..=3)).expect("it is small")).collect()
}

fn byte() -> u8 {
    u8::try_from(pick(0..=255)).expect("it is a byte")
}

fn as_usize(picked: u64) -> usize {
    usize::try_from(picked).expect("it was picked small enough")
}
