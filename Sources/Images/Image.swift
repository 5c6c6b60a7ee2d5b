import CJPEG
import CPNG
import DeepLearning

/// A picture of 8-bit red, green and blue pixels.
public struct Image: Sendable {
}
