import CHDF5
import DeepLearning

/// The network of Simonyan and Zisserman (2014).
public enum VGG16 {
}
