/// The package's programs in the order of the book: all that the page shows, and all that it may start.
enum Catalogue {
  /// A program.
  struct Entry: Sendable {
    /// The name of the program, of its folder, and of the folder of its results.
    let name: String
    /// The section of the book.
    let section: String
    /// What it does, in a line.
    let title: String
    /// How long a whole run takes on two cores.
    let duration: String
  }

  /// A chapter of the book.
  struct Part: Sendable {
    let number: Int
    let title: String
    let entries: [Entry]
  }

  static let parts = [
    Part(
      number: 2, title: "A first network",
      entries: [
        Entry(
          name: "chapter2-mnist", section: "2.1", title: "Which digit is written?",
          duration: "seconds")
      ]),
    Part(
      number: 3, title: "Reviews, newswires, houses",
      entries: [
        Entry(
          name: "chapter3-imdb", section: "3.4", title: "Is a film review positive?",
          duration: "a second"),
        Entry(
          name: "chapter3-reuters", section: "3.5", title: "What is a newswire about?",
          duration: "seconds"),
        Entry(
          name: "chapter3-boston-housing", section: "3.6", title: "What does a house cost?",
          duration: "seconds"),
      ]),
    Part(
      number: 4, title: "Learning by heart",
      entries: [
        Entry(
          name: "chapter4-overfitting", section: "4.4",
          title: "How to keep a network from learning by heart", duration: "seconds")
      ]),
    Part(
      number: 5, title: "Pictures",
      entries: [
        Entry(
          name: "chapter5-mnist-convnet", section: "5.1", title: "Digits again, with convolutions",
          duration: "seconds"),
        Entry(
          name: "chapter5-cats-dogs", section: "5.2", title: "Cats and dogs from 2,000 photographs",
          duration: "minutes"),
        Entry(
          name: "chapter5-pretrained", section: "5.3",
          title: "Cats and dogs with a network that has seen a million photographs",
          duration: "minutes"),
        Entry(
          name: "chapter5-visualizing", section: "5.4", title: "What convnets have learned",
          duration: "a minute"),
      ]),
    Part(
      number: 6, title: "Texts and series",
      entries: [
        Entry(
          name: "chapter6-word-vectors", section: "6.1", title: "Words as vectors",
          duration: "seconds"),
        Entry(
          name: "chapter6-imdb-rnn", section: "6.2", title: "Film reviews, read word by word",
          duration: "minutes"),
        Entry(
          name: "chapter6-temperature", section: "6.3",
          title: "How warm will it be this time tomorrow?", duration: "minutes"),
        Entry(
          name: "chapter6-conv1d", section: "6.4",
          title: "Reviews and weather, with convolutions over time", duration: "a minute"),
      ]),
    Part(
      number: 7, title: "Beyond a stack of layers",
      entries: [
        Entry(
          name: "chapter7-functional", section: "7.1", title: "Networks that are graphs",
          duration: "minutes"),
        Entry(
          name: "chapter7-callbacks", section: "7.2", title: "Training that is watched",
          duration: "minutes"),
        Entry(
          name: "chapter7-best-practices", section: "7.3",
          title: "Normalization, residuals, search, ensembles", duration: "minutes"),
      ]),
    Part(
      number: 8, title: "Networks that make things",
      entries: [
        Entry(
          name: "chapter8-text-generation", section: "8.1",
          title: "Writing text, character by character", duration: "minutes"),
        Entry(
          name: "chapter8-deepdream", section: "8.2",
          title: "What a network dreams about a photograph", duration: "seconds"),
        Entry(
          name: "chapter8-style-transfer", section: "8.3",
          title: "A photograph in the style of a painting", duration: "minutes"),
        Entry(
          name: "chapter8-vae", section: "8.4", title: "A map of handwritten digits",
          duration: "minutes"),
        Entry(
          name: "chapter8-gan", section: "8.5",
          title: "Frogs that another network takes for real", duration: "hours"),
      ]),
  ]

  static let entries = parts.flatMap(\.entries)

  static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
