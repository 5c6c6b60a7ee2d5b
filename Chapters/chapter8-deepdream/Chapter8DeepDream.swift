import ArgumentParser
import Gallery

@main
struct Chapter8DeepDream: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter8-deepdream")

  @OptionGroup var options: RunOptions
}
