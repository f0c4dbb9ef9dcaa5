//! Keeps a map within a number of bytes.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// A map that is bounded by what its entries weigh, in bytes. It keeps two
/// halves: where the newer one is full, the older one goes and the newer one
/// takes its place. So what was put last stays, and there is never a
/// moment at which everything is forgotten.
pub struct BoundedMap<K, V> {
    newer: HashMap<K, Weighed<V>>,
    older: HashMap<K, Weighed<V>>,
    /// Of the newer half.
    weight: usize,
    most: usize,
}

struct Weighed<V> {
    value: V,
    weight: usize,
}

/// What an entry takes in a map besides its own bytes.
const ENTRY_BYTES: usize = 32;

impl<K: Eq + Hash, V> BoundedMap<K, V> {
    /// An empty one that never weighs more than `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { newer: HashMap::new(), older: HashMap::new(), weight: 0, most }
    }

    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.newer.get(key).or_else(|| self.older.get(key)).map(|weighed| &weighed.value)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        match self.newer.get_mut(key) {
            Some(weighed) => Some(&mut weighed.value),
            None => self.older.get_mut(key).map(|weighed| &mut weighed.value),
        }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let newer = self.newer.remove(key).inspect(|weighed| self.weight -= weighed.weight);
        let older = self.older.remove(key);
        newer.or(older).map(|weighed| weighed.value)
    }

    /// Puts an entry in, the newest of all; `more` is what it weighs besides
    /// the sizes of key and value. One that is too heavy is not kept.
    pub fn put(&mut self, key: K, value: V, more: usize) {
        self.remove(&key);
        let weight = size_of::<K>() + size_of::<Weighed<V>>() + ENTRY_BYTES + more;
        if weight > self.most / 2 {
            return;
        }
        if self.weight + weight > self.most / 2 {
            self.older = std::mem::take(&mut self.newer);
            self.weight = 0;
        }
        self.weight += weight;
        self.newer.insert(key, Weighed { value, weight });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 100_000;

    fn weight(map: &BoundedMap<u32, ()>) -> usize {
        map.newer.values().chain(map.older.values()).map(|weighed| weighed.weight).sum()
    }

    #[test]
    fn it_never_weighs_more_than_allowed_and_the_last_ones_stay() {
        let mut map = BoundedMap::new(MOST);
        for key in 0..10_000u32 {
            map.put(key, (), (key % 7) as usize * 300);
            assert!(weight(&map) <= MOST, "{key}");
        }
        assert!((9_970..10_000).all(|key| map.get(&key).is_some()));
        assert!(map.get(&0).is_none());
    }

    #[test]
    fn what_is_put_again_outlives_what_is_not_and_counts_once() {
        let mut map = BoundedMap::new(MOST);
        for key in 0..1_000u32 {
            map.put(0, (), 100);
            map.put(key + 1, (), 100);
        }
        assert!(map.get(&0).is_some());
        let same = (0..1_000).map(|_| map.put(0, (), 100)).count();
        assert!(same == 1_000 && map.get(&990).is_some(), "the same entry pushes nothing out");
        assert_eq!(map.newer.values().map(|weighed| weighed.weight).sum::<usize>(), map.weight);
    }

    #[test]
    fn one_that_is_too_heavy_is_not_kept_and_pushes_nothing_out() {
        let mut map = BoundedMap::new(MOST);
        map.put(1, (), 100);
        map.put(2, (), MOST);
        assert!(map.get(&1).is_some() && map.get(&2).is_none());
    }
}
