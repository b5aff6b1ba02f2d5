//! Hidden tests of `block_on_bridge`.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Api, Client};
use testkit::{panic_of, stage};
use tokio::runtime::{Handle, Id};

/// An API that notes where each call was carried out.
#[derive(Clone)]
struct Archive {
    salt: u64,
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Clone)]
struct Call {
    id: u32,
    runtime: Option<Id>,
    timer: Result<(), String>,
}

impl Archive {
    fn new() -> Self {
        Self { salt: RandomState::new().hash_one(()), calls: Arc::default() }
    }

    fn text(&self, id: u32) -> String {
        format!("document {id}, revision {}", self.salt.wrapping_add(u64::from(id)) % 10_000)
    }

    /// What has been asked for so far; does not return when the calls had no full runtime around them.
    fn calls(&self) -> Vec<Call> {
        let calls = self.calls.lock().unwrap().clone();
        for call in &calls {
            assert!(
                call.runtime.is_some(),
                "`api.get` needs Tokio's reactor; your loop has none.\n\
                 Polling a future is only half of a runtime: the other half wakes it when a timer or a socket is ready."
            );
            if let Err(text) = &call.timer {
                panic!(
                    "`api.get` needs a timer, and your runtime was built without one.\n\
                     A `Builder` starts with every driver off.\nTokio's panic: {text}"
                );
            }
        }
        calls
    }
}

impl Api for Archive {
    async fn get(&self, id: u32) -> String {
        let runtime = Handle::try_current().map(|handle| handle.id()).ok();
        let timer = match runtime {
            Some(_) => panic_of(|| tokio::time::sleep(Duration::from_millis(1))).map(Some),
            None => Ok(None),
        };
        let noted = timer.as_ref().map(|_| ()).map_err(Clone::clone);
        self.calls.lock().unwrap().push(Call { id, runtime, timer: noted });
        if let Ok(Some(timer)) = timer {
            stage("`api.get` is waiting for a timer of 1 ms");
            timer.await;
        }
        self.text(id)
    }
}

/// Loads `id`; a panic becomes a failure that starts with what happened.
fn load(client: &Client<Archive>, archive: &Archive, id: u32) -> String {
    match panic_of(|| client.load(id)) {
        Ok(text) => text,
        Err(text) => {
            archive.calls();
            if text.contains("being shutdown") {
                panic!(
                    "The runtime was gone when `load` was called: a `Handle` does not keep its runtime alive.\n\
                     The client has to own the `Runtime`.\nTokio's panic: {text}"
                );
            }
            if text.contains("no reactor running") {
                panic!(
                    "`load` looked for a runtime around its caller, and there is none (\"there is no reactor running\").\n\
                     The caller is plain blocking code; the client has to bring the runtime.\nTokio's panic: {text}"
                );
            }
            panic!("`load({id})` panicked.\n{text}")
        }
    }
}

/// `load` blocks until the document is there and returns its text.
#[test]
fn load_returns_the_text() {
    let archive = Archive::new();
    let client = Client::new(archive.clone()).expect("a runtime can be built");
    assert!(archive.calls().is_empty(), "`Client::new` called the API. Nobody had asked for a document yet.");
    for id in [7, 1] {
        let text = load(&client, &archive, id);
        let asked: Vec<u32> = archive.calls().iter().map(|call| call.id).collect();
        let times = asked.iter().filter(|asked| **asked == id).count();
        assert!(times == 1, "`load({id})` carried out `api.get({id})` {times} times, one was needed.");
        let expected = archive.text(id);
        assert!(
            text == expected,
            "`load({id})` did not return what `api.get({id})` returned.\n   expected: {expected:?}\n   found: {text:?}"
        );
    }
}

/// Every call of one client runs on the same runtime.
#[test]
fn all_calls_share_one_runtime() {
    let archive = Archive::new();
    let client = Client::new(archive.clone()).expect("a runtime can be built");
    for id in [1, 2] {
        load(&client, &archive, id);
    }
    let runtimes: Vec<Option<Id>> = archive.calls().iter().map(|call| call.runtime).collect();
    assert!(runtimes.len() == 2, "Two calls of `load` carried out `api.get` {} times.", runtimes.len());
    assert!(
        runtimes[0] == runtimes[1],
        "Two calls ran on two different runtimes.\n\
         Each one was built for a single call and thrown away, with every connection that the API kept on it."
    );
}
