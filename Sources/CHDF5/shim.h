// One set of functions for HDF5 1.8 to 1.14, whose newer versions rename some.
#define H5_USE_18_API
#include <hdf5.h>

// Macros that call functions, which Swift cannot import.
static inline hid_t dl_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t dl_h5_c_string(void) { return H5T_C_S1; }
static inline hid_t dl_h5_new_file_access(void) { return H5Pcreate(H5P_FILE_ACCESS); }
static inline hid_t dl_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t dl_h5_all(void) { return H5S_ALL; }
static inline unsigned dl_h5_read_only(void) { return H5F_ACC_RDONLY; }

// IEEE numbers of 32 or 64 bits, in either byte order.
static inline int dl_h5_is_float(hid_t type) {
  return H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0
    || H5Tequal(type, H5T_IEEE_F64LE) > 0 || H5Tequal(type, H5T_IEEE_F64BE) > 0;
}

// The library prints its error stack unless told otherwise, thread by thread.
static inline void dl_h5_be_silent(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// The types behind these calls have other names in newer versions.
static inline int dl_h5_address(hid_t object, haddr_t *address) {
  H5O_info_t facts;
  if (H5Oget_info(object, &facts) < 0) return -1;
  *address = facts.addr;
  return 0;
}

// What kind of link the entry of a group is and, of a hard link, where it leads to.
static inline int dl_h5_link(hid_t group, hsize_t index, int *type, haddr_t *address) {
  H5L_info_t facts;
  if (H5Lget_info_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &facts, H5P_DEFAULT) < 0)
    return -1;
  *type = facts.type;
  *address = facts.type == H5L_TYPE_HARD ? facts.u.address : HADDR_UNDEF;
  return 0;
}
