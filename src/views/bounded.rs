//! Values by key within a bound of bytes: those longest not used are let go of first.

use hashlink::LruCache;

/// Such values.
pub(super) struct Bounded<V> {
    held: LruCache<String, (V, usize)>,
    bytes: usize,
    most: usize,
}

impl<V> Bounded<V> {
    /// None yet, and never more than so many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { held: LruCache::new_unbounded(), bytes: 0, most }
    }

    /// A value, used now.
    pub(super) fn get(&mut self, key: &str) -> Option<&V> {
        self.held.get(key).map(|(value, _)| value)
    }

    /// Takes a value out.
    pub(super) fn remove(&mut self, key: &str) -> Option<V> {
        let (value, bytes) = self.held.remove(key)?;
        self.bytes -= bytes;
        Some(value)
    }

    /// Puts a value in that takes so many bytes; one that takes more than there may be is not held.
    pub(super) fn insert(&mut self, key: String, value: V, bytes: usize) {
        self.remove(&key);
        if bytes > self.most {
            return;
        }
        self.held.insert(key, (value, bytes));
        self.bytes += bytes;
        while self.bytes > self.most
            && let Some((_, (_, gone))) = self.held.remove_lru()
        {
            self.bytes -= gone;
        }
    }
}
