import ArgumentParser

extension CommandConfiguration {
  /// The program of a chapter: its usage names its subcommands, its help ends with where its results are.
  ///
  /// - Parameters:
  ///   - name: the program's name, which is that of its folder of results.
  ///   - abstract: what it does, in a line with the book's section.
  ///   - discussion: more about that.
  ///   - results: what it writes.
  ///   - subcommands: what else it can do.
  public static func chapter(
    _ name: String, _ abstract: String, discussion: String,
    results: String = "Figures and a report", subcommands: [any ParsableCommand.Type]
  ) -> CommandConfiguration {
    let names = subcommands.map { $0._commandName }.joined(separator: "|")
    return CommandConfiguration(
      commandName: name, abstract: abstract, usage: "\(name) [\(names)] [options]",
      discussion: "\(discussion) \(results) are written to output/\(name).",
      subcommands: subcommands)
  }

  /// A chapter's `experiments`.
  ///
  /// - Parameters:
  ///   - chapter: the name of the chapter's program.
  ///   - abstract: what is compared, in a line.
  ///   - discussion: more about that.
  public static func experiments(
    of chapter: String, _ abstract: String, discussion: String
  ) -> CommandConfiguration {
    CommandConfiguration(
      commandName: "experiments", abstract: abstract,
      usage: "\(chapter) experiments [options]", discussion: discussion)
  }
}

extension Option {
  /// A number; a minus before it begins no other option.
  ///
  /// - Parameters:
  ///   - help: what it is for.
  ///   - unit: what the help calls the value.
  public init<Number: ExpressibleByArgument>(
    number help: String, _ unit: String = "number"
  ) where Value == Number? {
    self.init(parsing: .unconditional, help: ArgumentHelp(help, valueName: unit))
  }

  /// A number with a default; see ``init(number:_:)``.
  public init(
    wrappedValue: Value, number help: String, _ unit: String = "number"
  ) where Value: ExpressibleByArgument {
    self.init(
      wrappedValue: wrappedValue, parsing: .unconditional,
      help: ArgumentHelp(help, valueName: unit))
  }

  /// The path of a file.
  ///
  /// - Parameter help: what it is for.
  public init(file help: String) where Value == String? {
    self.init(help: ArgumentHelp(help, valueName: "file"))
  }
}

/// Refuses a number of the command line that is not in its range.
///
/// - Parameters:
///   - option: the option's name, such as `--steps`.
///   - value: the number, if the user gave one.
///   - range: what makes sense and does not exhaust any machine.
/// - Throws: `ValidationError`, which names the end of the range that the number is beyond.
public func check<Number: Comparable>(
  _ option: String, _ value: Number?, in range: ClosedRange<Number>
) throws {
  guard let value, !range.contains(value) else { return }
  let limit = value > range.upperBound ? "most \(range.upperBound)" : "least \(range.lowerBound)"
  throw ValidationError("\(option) needs a number of at \(limit), not \(value).")
}
