import ArgumentParser
import Datasets

/// The book's first listing: copies 4,000 of Kaggle's 25,000 photographs into folders.
struct Prepare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the book's 4,000 photographs out of Kaggle's into folders.",
    usage: "chapter5-cats-dogs prepare --from <train.zip> --to <folder>",
    discussion: """
      Not needed for training, which reads train.zip as it is. Makes train, validation and test with \
      cats and dogs in each. What is there already stays; a file with other contents is never \
      replaced. Can be stopped and started again.
      """)

  @Option(
    help: ArgumentHelp(
      "Kaggle's train.zip or the folder train; Microsoft's archive or folder PetImages.",
      valueName: "train.zip"))
  var from: String

  @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"))
  var to: String

  func run() throws {
    let (copied, present) = try CatsAndDogs.prepare(from: from, to: to)
    print("\(to): \(copied) pictures copied, \(present) were there already.")
  }
}
