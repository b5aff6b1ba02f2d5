//! The turn itself is sent to the next caller: one who is gone drops it, and it goes on.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    token: Option<String>,
    busy: bool,
    waiting: VecDeque<oneshot::Sender<Turn>>,
}

impl Session {
    pub async fn token<S: Server>(&self, server: &S) -> Result<String, Denied> {
        let wait = {
            let mut state = lock(&self.state);
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
        let _turn = match wait {
            Some(told) => told.await.expect("a turn is passed on until nobody waits"),
            None => Turn(Arc::clone(&self.state)),
        };
        if let Some(token) = lock(&self.state).token.clone() {
            return Ok(token);
        }
        let token = server.log_in().await?;
        lock(&self.state).token = Some(token.clone());
        Ok(token)
    }
}

/// Whoever has it may log in.
struct Turn(Arc<Mutex<State>>);

impl Drop for Turn {
    fn drop(&mut self) {
        let next = lock(&self.0).waiting.pop_front();
        match next {
            // If nobody receives it, this drops it, and it goes on from here.
            Some(next) => drop(next.send(Turn(Arc::clone(&self.0)))),
            None => lock(&self.0).busy = false,
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
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
