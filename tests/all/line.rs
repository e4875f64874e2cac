//! A way to PostgreSQL that can be cut: all of it, or at the very commit of something in the log.

use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex},
};

use bytes::{Buf, Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Notify, watch},
};
use url::Url;

/// Where a connection is cut that commits something in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server does not hear of it, and nothing is written.
    BeforeCommit,
    /// It is done, and the client does not hear of it.
    AfterCommit,
    /// The same, and with it goes all of the line, until it is mended.
    AllAfterCommit,
    /// What the client has said is still on its way when its line is gone, until it is delivered. For a
    /// statement that is a transaction of its own.
    Late,
}

/// The line.
pub struct Line {
    /// The database, by this way.
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    /// The database.
    there: String,
    /// While it is not, connections end, and new ones too.
    whole: watch::Sender<bool>,
    /// What the next commit in the log meets.
    next: Mutex<Option<Cut>>,
    /// What comes late may come now; the server has done what it asks.
    deliver: Notify,
    delivered: Notify,
}

impl Line {
    /// To the database of that URL.
    pub async fn to(database: &str) -> Self {
        let mut url = Url::parse(database).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Arc::new(Shared {
            there: format!("127.0.0.1:{}", url.port().unwrap_or(5432)),
            whole: watch::Sender::new(true),
            next: Mutex::default(),
            deliver: Notify::new(),
            delivered: Notify::new(),
        });
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        // What is said has to be understood here.
        url.query_pairs_mut().append_pair("sslmode", "disable");
        let carrying = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let shared = Arc::clone(&carrying);
                tokio::spawn(async move {
                    let mut whole = shared.whole.subscribe();
                    tokio::select! {
                        _ = carry(&shared, client) => {}
                        _ = whole.wait_for(|whole| !whole) => {}
                    }
                });
            }
        });
        Self { url: url.into(), shared }
    }

    /// Cuts all of it.
    pub fn cut(&self) {
        self.shared.whole.send_replace(false);
    }

    /// Makes it whole again.
    pub fn mend(&self) {
        self.shared.whole.send_replace(true);
    }

    /// Cuts the connection that commits something in the log next.
    pub fn cut_next(&self, cut: Cut) {
        *self.shared.next.lock().unwrap() = Some(cut);
    }

    /// Lets the server hear of what comes late, and waits until it has done what that asks.
    pub async fn deliver(&self) {
        self.shared.deliver.notify_one();
        self.shared.delivered.notified().await;
    }

    /// Whether that has happened.
    pub fn was_cut(&self) -> bool {
        self.shared.next.lock().unwrap().is_none()
    }
}

/// Carries what both say until one of them ends, or a commit is cut.
async fn carry(shared: &Shared, client: TcpStream) -> io::Result<()> {
    let server = TcpStream::connect(&shared.there).await?;
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (mut said, mut answered) = (BytesMut::new(), BytesMut::new());
    let mut dialogue = Dialogue::default();
    // Once a commit is on its way that is to be cut, what the server says is kept from the client; and what the
    // client says from the server where that is to come late.
    let (mut cut, mut kept) = (None, vec![]);
    loop {
        tokio::select! {
            read = from_client.read_buf(&mut said) => if read? == 0 { return Ok(()) },
            read = from_server.read_buf(&mut answered) => if read? == 0 { return Ok(()) },
        }
        while let Some(message) = dialogue.next(&mut said) {
            if dialogue.commits_in_the_log(&message) {
                cut = shared.next.lock().unwrap().take();
            }
            match cut {
                Some(Cut::BeforeCommit) => return Ok(()),
                Some(Cut::Late) => kept.extend_from_slice(&message),
                _ => to_server.write_all(&message).await?,
            }
        }
        if kept.ends_with(SYNC) {
            drop((from_client, to_client));
            return deliver_late(shared, &kept, from_server, to_server).await;
        }
        match cut {
            None => to_client.write_all_buf(&mut answered).await?,
            Some(cut) if answered.ends_with(READY) => {
                if cut == Cut::AllAfterCommit {
                    shared.whole.send_replace(false);
                }
                return Ok(());
            }
            Some(_) => {}
        }
    }
}

async fn deliver_late(
    shared: &Shared,
    kept: &[u8],
    mut from_server: OwnedReadHalf,
    mut to_server: OwnedWriteHalf,
) -> io::Result<()> {
    shared.deliver.notified().await;
    to_server.write_all(kept).await?;
    let mut answered = BytesMut::new();
    while !answered.ends_with(READY) {
        if from_server.read_buf(&mut answered).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    shared.delivered.notify_one();
    Ok(())
}

/// The client has said all that it wants done.
const SYNC: &[u8] = b"S\0\0\0\x04";
/// The server has done what it was asked, and is in no transaction: *ready for query, idle*.
const READY: &[u8] = b"Z\0\0\0\x05I";

/// What a client has said, as far as it tells what is committed in the log.
#[derive(Default)]
struct Dialogue {
    begun: bool,
    /// Prepared statements that append to the log, or take its head to write.
    of_log: HashSet<Bytes>,
    /// Within a transaction: whether such a statement was part of it.
    open: Option<bool>,
}

impl Dialogue {
    /// The next message, once all of it is there; the first alone has no type before its length.
    fn next(&mut self, said: &mut BytesMut) -> Option<Bytes> {
        let at = usize::from(self.begun);
        let length = said.get(at..at + 4)?.get_u32() as usize;
        (said.len() >= at + length).then(|| {
            self.begun = true;
            said.split_to(at + length).freeze()
        })
    }

    /// Whether something in the log is committed by this message: by COMMIT, or by a statement that is a
    /// transaction of its own.
    fn commits_in_the_log(&mut self, message: &Bytes) -> bool {
        let mut texts = message.get(5..).unwrap_or_default().split(|byte| *byte == 0);
        let (first, second) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
        match message[0] {
            b'P' if writes_log(second) => {
                self.of_log.insert(message.slice_ref(first));
            }
            b'P' => {
                self.of_log.remove(first);
            }
            b'B' if self.of_log.contains(second) => match &mut self.open {
                Some(of_log) => *of_log = true,
                None => return true,
            },
            b'Q' if first.starts_with(b"BEGIN") => self.open = Some(false),
            b'Q' if first.starts_with(b"COMMIT") => return self.open.take() == Some(true),
            b'Q' if first.starts_with(b"ROLLBACK") => self.open = None,
            _ => {}
        }
        false
    }
}

fn writes_log(sql: &[u8]) -> bool {
    let sql = String::from_utf8_lossy(sql);
    sql.contains("UPDATE log_head") || sql.contains("FROM log_head FOR UPDATE")
}
