import ArgumentParser
import Gallery

@main
struct Chapter8GAN: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter8-gan")

  @OptionGroup var options: RunOptions
}
