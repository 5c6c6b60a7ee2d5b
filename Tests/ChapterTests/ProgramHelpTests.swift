import Foundation
import Testing

@Suite("--help of the chapters")
struct ProgramHelpTests {
  /// The programs and their subcommands.
  static let commands = [
    ["chapter2-mnist"], ["chapter2-mnist", "tensors"], ["chapter2-mnist", "experiments"],
    ["chapter3-reuters"],
    ["chapter3-reuters", "experiments"], ["chapter3-boston-housing"],
    ["chapter3-boston-housing", "experiments"], ["chapter4-overfitting"],
    ["chapter4-overfitting", "experiments"], ["chapter5-mnist-convnet"],
    ["chapter5-mnist-convnet", "experiments"], ["chapter5-pretrained"],
    ["chapter5-pretrained", "experiments"], ["chapter5-visualizing"],
    ["chapter5-visualizing", "experiments"], ["chapter6-word-vectors"],
    ["chapter6-word-vectors", "experiments"], ["chapter6-imdb-rnn"],
    ["chapter6-imdb-rnn", "experiments"], ["chapter6-temperature"],
    ["chapter6-temperature", "experiments"], ["chapter6-conv1d"],
    ["chapter6-conv1d", "temperature"], ["chapter6-conv1d", "experiments"],
    ["chapter6-conv1d", "temperature", "experiments"], ["chapter7-functional"],
    ["chapter7-functional", "experiments"], ["chapter7-callbacks"],
    ["chapter7-callbacks", "experiments"], ["chapter7-best-practices"],
    ["chapter7-best-practices", "experiments"], ["chapter8-text-generation"],
    ["chapter8-text-generation", "generate"], ["chapter8-text-generation", "experiments"],
    ["chapter8-deepdream"], ["chapter8-deepdream", "experiments"], ["chapter8-style-transfer"],
    ["chapter8-style-transfer", "experiments"], ["chapter8-vae"], ["chapter8-vae", "draw"],
    ["chapter8-vae", "experiments"], ["chapter8-gan"], ["chapter8-gan", "sample"],
    ["chapter8-gan", "experiments"],
  ]
  /// Subcommands that train nothing.
  static let others = [
    ["chapter2-mnist", "tensors"], ["chapter8-text-generation", "generate"],
    ["chapter8-vae", "draw"], ["chapter8-gan", "sample"],
  ]

  private func help(_ command: [String]) async throws -> String {
    let workplace = try Workplace()
    let outcome = try await Program(name: command[0])
      .run(Array(command.dropFirst()) + ["--help"], in: workplace)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(try workplace.files().isEmpty)
    return outcome.output
  }

  @Test(
    "Every page fits the window, says how to call it, and names its subcommands and flags",
    arguments: commands)
  func pages(command: [String]) async throws {
    let text = try await help(command)
    let usage = try #require(text.firstMatch(of: /(?m)^USAGE: (.*)$/)).1
    #expect(usage.hasPrefix(command.joined(separator: " ")) && !usage.contains("…"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let subcommands = Self.commands.filter { $0.count == 2 && $0[0] == command[0] }.map { $0[1] }
    if command.count == 1 {
      #expect(usage == "\(command[0]) [\(subcommands.joined(separator: "|"))] [options]")
      #expect(subcommands.allSatisfy { text.contains("\n  \($0) ") })
      #expect(text.contains("output/\(command[0])."))
    }
    if !Self.others.contains(command) { #expect(text.contains(sharedFlagsHelp)) }
    // Patterns and dreams are the same with every seed but for noise; frogs take hours.
    if command.last == "experiments",
      ![
        "chapter5-visualizing", "chapter8-deepdream", "chapter8-style-transfer", "chapter8-gan",
      ].contains(command[0])
    {
      #expect(text.contains("\n  --seeds <number> "))
    }
  }

  @Test("Help reads exactly so", arguments: [["chapter2-mnist"], ["chapter3-boston-housing"]])
  func exact(command: [String]) async throws {
    let text = try await help(command).trimmingCharacters(in: .newlines)
    #expect(text == (command == ["chapter2-mnist"] ? mnistHelp : bostonHelp))
  }
}

private let mnistHelp = """
  OVERVIEW: Recognise handwritten digits, the first network of the book (section
  2.1).

  Trains on 60,000 digits and is tested on 10,000 others. Figures and a report
  are written to output/chapter2-mnist.

  USAGE: chapter2-mnist [tensors|experiments] [options]

  OPTIONS:
  \(sharedFlagsHelp)
    --fashion               Photographs of garments (Fashion-MNIST) instead of
                            digits.
    -h, --help              Show help information.

  SUBCOMMANDS:
    tensors                 A tour of tensors: shapes, slices, broadcasting,
                            products (sections 2.2 and 2.3).
    experiments             SGD, momentum, Nesterov, Adagrad, RMSprop and Adam on
                            one ravine.

    See 'chapter2-mnist help <subcommand>' for detailed help.
  """

private let bostonHelp = """
  OVERVIEW: Predict the price of houses from 13 numbers (book section 3.6).

  Cross-validates over 4 folds for 500 epochs, then trains on all houses for 80
  and tests. Figures and a report are written to output/chapter3-boston-housing.

  USAGE: chapter3-boston-housing [experiments] [options]

  OPTIONS:
  \(sharedFlagsHelp)
    -h, --help              Show help information.

  SUBCOMMANDS:
    experiments             Spread over seeds and folds; batch sizes; without
                            standardising.

    See 'chapter3-boston-housing help <subcommand>' for detailed help.
  """
