import ArgumentParser
import Gallery

@main
struct Chapter8StyleTransfer: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter8-style-transfer")

  @OptionGroup var options: RunOptions
}
