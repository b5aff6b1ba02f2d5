//! Scripted ends of a connection hand out and accept bytes as told, and see what the code does with them.

use std::io::ErrorKind;
use std::time::Duration;

use testkit::{Incoming, Outgoing, WireEnd, timed, vt};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter};
use tokio::time::timeout;

const HOUR: Duration = Duration::from_secs(3600);

/// How many bytes each read gets, until the end of file.
fn sizes(mut incoming: Incoming, room: usize) -> Vec<usize> {
    let read = async {
        let (mut buffer, mut sizes) = (vec![0; room], Vec::new());
        loop {
            match incoming.read(&mut buffer).await.expect("it does not fail") {
                0 => return sizes,
                n => sizes.push(n),
            }
        }
    };
    vt(read).0
}

#[test]
fn bytes_come_in_the_pieces_that_the_test_says() {
    assert_eq!(sizes(Incoming::new([7; 10]), 64), [10]);
    assert_eq!(sizes(Incoming::new([7; 10]).pieces([1, 3]), 64), [1, 3, 1, 3, 1, 1]);
    assert_eq!(sizes(Incoming::new([7; 10]).pieces([6]), 4), [4, 2, 4]);
    assert_eq!(sizes(Incoming::new([]), 4), [0; 0]);
}

#[test]
fn bytes_come_in_their_order() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut incoming = Incoming::new(&bytes).pieces([1, 64, 7]).pauses([HOUR]);
    let mut read = Vec::new();
    vt(incoming.read_to_end(&mut read)).0.expect("it does not fail");
    assert_eq!(read, bytes);
}

#[test]
fn it_is_pending_in_front_of_each_piece_and_of_the_end() {
    let mut incoming = Incoming::new("abcdef").pieces([3]).pauses([HOUR, Duration::ZERO]);
    let probe = incoming.probe();
    let mut read = Vec::new();
    let (_, took) = vt(async {
        let mut buffer = [0; 2];
        // The pause belongs to the piece, and not to each of the reads that share it; a read that is dropped does not begin
        // the pause anew.
        assert!(timeout(HOUR / 2, incoming.read(&mut buffer)).await.is_err());
        while incoming.read_buf(&mut (&mut read)).await.expect("it does not fail") > 0 {}
    });
    assert_eq!(read, b"abcdef");
    // One before the first piece, one before the end.
    assert_eq!(took, HOUR * 2);
    assert_eq!((probe.reads(), probe.ends(), probe.taken()), (2, 1, 6));
}

#[test]
fn a_read_without_room_gets_nothing_and_is_counted() {
    let mut incoming = Incoming::new("abc").pauses([HOUR]);
    let probe = incoming.probe();
    let (n, took) = vt(incoming.read(&mut []));
    assert_eq!((n.expect("it does not fail"), took), (0, Duration::ZERO));
    assert_eq!((probe.empty_buffers(), probe.ends(), probe.taken(), probe.largest_buffer()), (1, 0, 0, 0));
}

#[test]
fn it_fails_or_is_silent_after_the_last_byte() {
    let mut failing = Incoming::new("abc").then(WireEnd::Fails(ErrorKind::ConnectionReset));
    let mut read = Vec::new();
    for ends in 1..=2 {
        let error = vt(failing.read_to_end(&mut read)).0.expect_err("the connection is broken");
        assert_eq!((error.kind(), failing.probe().ends()), (ErrorKind::ConnectionReset, ends));
    }
    assert_eq!(read, b"abc");

    let mut silent = Incoming::new("abc").then(WireEnd::Silent);
    vt(async {
        let mut buffer = [0; 8];
        assert_eq!(silent.read(&mut buffer).await.expect("it does not fail"), 3);
        assert!(timeout(HOUR, silent.read(&mut buffer)).await.is_err());
    });
    assert_eq!(silent.probe().ends(), 0);
}

#[test]
fn a_loop_that_reads_in_vain_comes_to_a_halt() {
    let halts = |room: usize| {
        let mut incoming = Incoming::new("abc");
        let probe = incoming.probe();
        let spin = async move {
            let mut buffer = vec![0; room];
            loop {
                let _ = incoming.read(&mut buffer).await;
            }
        };
        let told: Result<_, String> = vt(timed::<_>("`spin`", 5, spin)).0.map(|call| -> () { call.output });
        assert!(told.unwrap_err().contains("never comes"));
        assert!(probe.dropped());
        (probe.empty_buffers(), probe.ends(), probe.taken())
    };
    assert_eq!(halts(0), (1_000, 0, 0));
    assert_eq!(halts(8), (0, 1_000, 3));
}

#[test]
fn bytes_are_accepted_in_the_pieces_that_the_test_says() {
    let bytes: Vec<u8> = (0..100).collect();
    let mut outgoing = Outgoing::new().pieces([1, 64]).pauses([Duration::ZERO, HOUR]);
    let probe = outgoing.probe();
    let (_, took) = vt(outgoing.write_all(&bytes));
    assert_eq!((probe.written(), probe.writes(), took), (bytes, vec![1, 64, 1, 34], HOUR * 2));
    assert_eq!((probe.refused(), probe.flushes(), probe.flushed().len()), (0, 0, 0));
}

#[test]
fn it_stops_at_the_byte_that_the_test_says() {
    for (end, kind) in [
        (WireEnd::Closed, ErrorKind::WriteZero),
        (WireEnd::Fails(ErrorKind::BrokenPipe), ErrorKind::BrokenPipe),
    ] {
        let mut outgoing = Outgoing::new().until(5, end);
        let probe = outgoing.probe();
        let error = vt(outgoing.write_all(&[7; 8])).0.expect_err("three bytes too many");
        assert_eq!((error.kind(), probe.written().len(), probe.refused()), (kind, 5, 1));
    }
    let mut outgoing = Outgoing::new().until(5, WireEnd::Silent);
    vt(async { assert!(timeout(HOUR, outgoing.write_all(&[7; 8])).await.is_err()) });
    assert_eq!((outgoing.probe().written().len(), outgoing.probe().refused()), (5, 0));
}

#[test]
fn it_fails_once_and_goes_on() {
    vt(async {
        let mut outgoing = Outgoing::new().until(2, WireEnd::FailsOnce(ErrorKind::TimedOut));
        assert_eq!(outgoing.write_all(b"abc").await.expect_err("once").kind(), ErrorKind::TimedOut);
        outgoing.write_all(b"de").await.expect("it goes on");
        assert_eq!((outgoing.probe().written(), outgoing.probe().refused()), (b"abde".to_vec(), 1));

        let mut incoming = Incoming::new("a").then(WireEnd::FailsOnce(ErrorKind::TimedOut));
        let mut read = Vec::new();
        assert_eq!(incoming.read_to_end(&mut read).await.expect_err("once").kind(), ErrorKind::TimedOut);
        assert_eq!(
            (incoming.read_to_end(&mut read).await.expect("the end"), incoming.probe().ends()),
            (0, 2)
        );
    });
}

#[test]
fn a_loop_that_writes_in_vain_comes_to_a_halt() {
    let mut outgoing = Outgoing::new().until(0, WireEnd::Closed);
    let probe = outgoing.probe();
    let spin = async move { while outgoing.write(b"abc").await.expect("it does not fail") == 0 {} };
    assert!(vt(timed("`spin`", 5, spin)).0.is_err());
    assert_eq!(probe.refused(), 1_000);

    let mut outgoing = Outgoing::new().fails_in_flush(ErrorKind::StorageFull);
    let probe = outgoing.probe();
    let spin = async move { while outgoing.flush().await.is_err() {} };
    assert!(vt(timed("`spin`", 5, spin)).0.is_err());
    assert_eq!((probe.failed_flushes(), probe.flushes()), (1_000, 0));
}

#[test]
fn it_tells_what_was_flushed_and_whether_it_was_shut_down() {
    let mut outgoing = Outgoing::new().flush_takes(HOUR);
    let probe = outgoing.probe();
    let (_, took) = vt(async {
        let mut writer = BufWriter::new(&mut outgoing);
        writer.write_all(b"one").await.expect("it is kept");
        assert_eq!(probe.written(), b"");
        writer.flush().await.expect("it does not fail");
        assert_eq!((probe.written(), probe.flushed()), (b"one".to_vec(), b"one".to_vec()));
        outgoing.write_all(b"two").await.expect("it does not fail");
        assert_eq!((probe.flushed(), probe.flushes(), probe.shutdowns()), (b"one".to_vec(), 1, 0));
        outgoing.shutdown().await.expect("it does not fail");
    });
    assert_eq!(took, HOUR * 2);
    assert_eq!((probe.flushed(), probe.flushes(), probe.shutdowns()), (b"onetwo".to_vec(), 1, 1));
    let late = vt(outgoing.write_all(b"three")).0.expect_err("it is shut down");
    assert_eq!((late.kind(), probe.late_writes(), probe.written().len()), (ErrorKind::BrokenPipe, 1, 6));
}

#[test]
fn flush_and_shutdown_fail_when_they_are_told_to() {
    let mut outgoing = Outgoing::new().fails_in_flush(ErrorKind::StorageFull);
    let probe = outgoing.probe();
    vt(async {
        outgoing.write_all(b"one").await.expect("it does not fail");
        assert_eq!(outgoing.flush().await.expect_err("it fails").kind(), ErrorKind::StorageFull);
    });
    assert_eq!((probe.written(), probe.flushed(), probe.flushes()), (b"one".to_vec(), Vec::new(), 0));

    let mut outgoing = Outgoing::new().fails_in_shutdown(ErrorKind::TimedOut).flush_takes(HOUR);
    let (error, took) = vt(outgoing.shutdown());
    assert_eq!((error.expect_err("it fails").kind(), took), (ErrorKind::TimedOut, HOUR));
    assert_eq!(outgoing.probe().shutdowns(), 0);
}
