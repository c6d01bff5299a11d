; A guest that shows a checkerboard of single pixels, black and white, in 640x480: what is not shown pixel by pixel turns
; grey, or gets stripes. A boot sector.

        bits 16
        org 0x7c00

        mov ax, 0x0012                  ; INT 10h: 640x480 in 16 colours; what is written lands in all four planes
        int 0x10
        mov ax, 0xa000
        mov es, ax
        xor di, di
        cld
        mov al, 0xaa                    ; eight pixels, the left one white
        mov dx, 480
.row:   mov cx, 80
        rep stosb
        not al
        dec dx
        jnz .row
.idle:  hlt
        jmp .idle

        times 510 - ($ - $$) db 0
        dw 0xaa55
