//! fails: others_take_over_wherever_a_caller_is_dropped
//! says: never got a token

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

/// Why the server refused a login.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied(pub String);

/// Where to log in. Tests bring their own.
pub trait Server: Send + Sync + 'static {
    fn log_in(&self) -> impl Future<Output = Result<String, Denied>> + Send;
}

#[derive(Default)]
pub struct Session {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<String>,
    busy: bool,
    waiting: VecDeque<oneshot::Sender<()>>,
}

impl Session {
    pub async fn token<S: Server>(&self, server: &S) -> Result<String, Denied> {
        let told = {
            let mut state = self.state.lock().unwrap();
            if let Some(token) = &state.token {
                return Ok(token.clone());
            }
            let (tell, told) = oneshot::channel();
            if state.busy {
                state.waiting.push_back(tell);
                Some(told)
            } else {
                state.busy = true;
                None
            }
        };
        if let Some(told) = told {
            let _ = told.await;
        }
        // It is this caller's turn, until it goes away.
        let _turn = Turn(&self.state);
        if let Some(token) = self.state.lock().unwrap().token.clone() {
            return Ok(token);
        }
        let token = server.log_in().await?;
        self.state.lock().unwrap().token = Some(token.clone());
        Ok(token)
    }
}

struct Turn<'a>(&'a Mutex<State>);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock().unwrap();
        while let Some(next) = state.waiting.pop_front() {
            if next.send(()).is_ok() {
                return;
            }
        }
        state.busy = false;
    }
}

struct Portal;

impl Server for Portal {
    async fn log_in(&self) -> Result<String, Denied> {
        println!("a login");
        tokio::task::yield_now().await;
        Ok("s3cr3t".to_owned())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let session = Arc::new(Session::default());
    let requests = [(); 3].map(|()| {
        let session = session.clone();
        tokio::spawn(async move { session.token(&Portal).await })
    });
    for request in requests {
        println!("{:?}", request.await.unwrap());
    }
}
