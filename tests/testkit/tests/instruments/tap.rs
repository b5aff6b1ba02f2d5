//! A tap sees what goes through a connection, and changes nothing.

use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use testkit::{Incoming, Outgoing, Tap, WireEnd, rt, vt};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex, join};
use tokio::time::sleep;

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn bytes_and_ends_go_through_and_are_counted() {
    let (near, mut far) = duplex(4);
    let (mut near, tap) = Tap::new(near);
    vt(async {
        far.write_all(b"abc").await.expect("there is room");
        assert_eq!(near.read(&mut []).await.expect("it does not fail"), 0);
        assert_eq!(tap.ended(), None);
        far.shutdown().await.expect("it does not fail");
        let mut read = Vec::new();
        near.read_to_end(&mut read).await.expect("it does not fail");
        assert_eq!((read, tap.read(), tap.ended()), (b"abc".to_vec(), 3, Some(Duration::ZERO)));

        assert_eq!(near.write(b"too much").await.expect("it does not fail"), 4);
        sleep(HOUR).await;
        near.shutdown().await.expect("it does not fail");
        let mut read = Vec::new();
        far.read_to_end(&mut read).await.expect("it does not fail");
        assert_eq!((read, tap.written(), tap.last_written()), (b"too ".to_vec(), 4, Some(Duration::ZERO)));
    });
    assert_eq!((tap.shut_down(), tap.dropped(), tap.elsewhere()), (Some(HOUR), false, false));
    drop(near);
    assert!(tap.dropped());
}

#[test]
fn errors_go_through() {
    let ends = join(
        Incoming::new([]).then(WireEnd::Fails(ErrorKind::ConnectionReset)),
        Outgoing::new().until(2, WireEnd::Fails(ErrorKind::BrokenPipe)),
    );
    let (mut near, tap) = Tap::new(ends);
    vt(async {
        let read = near.read_u8().await.expect_err("it fails").kind();
        let written = near.write_all(b"abc").await.expect_err("it fails").kind();
        assert_eq!((read, written), (ErrorKind::ConnectionReset, ErrorKind::BrokenPipe));
    });
    assert_eq!((tap.read(), tap.ended(), tap.written()), (0, None, 2));
}

#[test]
fn another_thread_is_noticed() {
    let (near, _far) = duplex(4);
    let (mut near, tap) = Tap::new(near);
    let written =
        thread::spawn(move || rt(near.write_all(b"abc")).is_ok()).join().expect("it does not panic");
    assert_eq!((written, tap.written(), tap.elsewhere()), (false, 0, true));
}
